import { addCommand } from "./addAccessPoint.js";

export default addCommand("datasource", "cowin");
