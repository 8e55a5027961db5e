import { expect, test } from "vitest";
import { GovernedService } from "../service.js";

test("users come with their data, change them, and go", async () => {
  const service = await GovernedService.start({ isv: {} });
  const { certificate, id } = service.person("user");
  const user = () => service.read(({ userCerts, userInfo }) => ({ certificate: userCerts.get(id), info: userInfo.get(id) }));

  service.pass(["isv"], { name: "set_user", args: { cert: certificate, user_data: { role: "reader" } } });
  expect(user()).toEqual({ certificate, info: { user_data: { role: "reader" } } });
  service.pass(["isv"], { name: "set_user_data", args: { user_id: id, user_data: { role: "writer" } } });
  expect(user()).toEqual({ certificate, info: { user_data: { role: "writer" } } });
  service.pass(["isv"], { name: "set_user_data", args: { user_id: id, user_data: null } });
  expect(user()).toEqual({ certificate, info: undefined });
  service.pass(["isv"], { name: "remove_user", args: { user_id: id } });
  expect(user()).toEqual({ certificate: undefined, info: undefined });
});
