import { addCommand } from "./addAccessPoint.js";

export default addCommand("datasink", "output");
