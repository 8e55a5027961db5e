import { action } from "../action.js";
import { anyObject, certificate, entityId, optional } from "../arguments.js";
import { ccf } from "../ccf.js";
import { userCertificates, userInfos } from "../tables.js";

function setUserData(id: string, user_data: unknown): void {
  if (user_data === undefined) userInfos.delete(id);
  else userInfos.set(id, { user_data });
}

/*! Users call the application; they do not vote. */
action("set_user", { cert: certificate, user_data: optional(anyObject) }, ({ cert, user_data }) => {
  const id = ccf.pemToId(cert);
  userCertificates.set(id, cert);
  setUserData(id, user_data);
});

action("remove_user", { user_id: entityId }, ({ user_id }) => {
  userCertificates.delete(user_id);
  userInfos.delete(user_id);
});

action("set_user_data", { user_id: entityId, user_data: optional(anyObject) }, ({ user_id, user_data }) => {
  setUserData(user_id, user_data);
});
