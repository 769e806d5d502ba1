// Time zones by the names that calendars and Microsoft give them.
import {isZone} from "../time/zone.js"

// The names of Windows (CLDR's windowsZones), those in which most people live.
const WINDOWS = {
	"UTC": "Etc/UTC", "Coordinated Universal Time": "Etc/UTC", "tzone://Microsoft/Utc": "Etc/UTC",
	"GMT Standard Time": "Europe/London", "Greenwich Standard Time": "Atlantic/Reykjavik",
	"W. Europe Standard Time": "Europe/Berlin", "Central Europe Standard Time": "Europe/Budapest",
	"Romance Standard Time": "Europe/Paris", "Central European Standard Time": "Europe/Warsaw",
	"E. Europe Standard Time": "Europe/Chisinau", "GTB Standard Time": "Europe/Bucharest",
	"FLE Standard Time": "Europe/Kyiv", "Turkey Standard Time": "Europe/Istanbul",
	"Russian Standard Time": "Europe/Moscow", "Morocco Standard Time": "Africa/Casablanca",
	"W. Central Africa Standard Time": "Africa/Lagos", "South Africa Standard Time": "Africa/Johannesburg",
	"Egypt Standard Time": "Africa/Cairo", "E. Africa Standard Time": "Africa/Nairobi",
	"Israel Standard Time": "Asia/Jerusalem", "Arab Standard Time": "Asia/Riyadh",
	"Arabian Standard Time": "Asia/Dubai", "Iran Standard Time": "Asia/Tehran",
	"Pakistan Standard Time": "Asia/Karachi", "India Standard Time": "Asia/Kolkata",
	"Nepal Standard Time": "Asia/Kathmandu", "Bangladesh Standard Time": "Asia/Dhaka",
	"SE Asia Standard Time": "Asia/Bangkok", "China Standard Time": "Asia/Shanghai",
	"Taipei Standard Time": "Asia/Taipei", "Singapore Standard Time": "Asia/Singapore",
	"W. Australia Standard Time": "Australia/Perth", "Tokyo Standard Time": "Asia/Tokyo",
	"Korea Standard Time": "Asia/Seoul", "Cen. Australia Standard Time": "Australia/Adelaide",
	"AUS Central Standard Time": "Australia/Darwin", "E. Australia Standard Time": "Australia/Brisbane",
	"AUS Eastern Standard Time": "Australia/Sydney", "Tasmania Standard Time": "Australia/Hobart",
	"New Zealand Standard Time": "Pacific/Auckland", "Hawaiian Standard Time": "Pacific/Honolulu",
	"Alaskan Standard Time": "America/Anchorage", "Pacific Standard Time": "America/Los_Angeles",
	"US Mountain Standard Time": "America/Phoenix", "Mountain Standard Time": "America/Denver",
	"Central Standard Time": "America/Chicago", "Canada Central Standard Time": "America/Regina",
	"Central Standard Time (Mexico)": "America/Mexico_City",
	"Central America Standard Time": "America/Guatemala", "Eastern Standard Time": "America/New_York",
	"US Eastern Standard Time": "America/Indianapolis", "SA Pacific Standard Time": "America/Bogota",
	"Venezuela Standard Time": "America/Caracas", "Atlantic Standard Time": "America/Halifax",
	"SA Western Standard Time": "America/La_Paz", "Pacific SA Standard Time": "America/Santiago",
	"Newfoundland Standard Time": "America/St_Johns", "E. South America Standard Time": "America/Sao_Paulo",
	"Argentina Standard Time": "America/Buenos_Aires", "SA Eastern Standard Time": "America/Cayenne",
	"Azores Standard Time": "Atlantic/Azores",
}

// The IANA name, also if it is the end of a longer one ("/freeassociation.sourceforge.net/Europe/
// Berlin"); undefined if the zone is not known.
export function zoneNamed(name) {
	const text = String(name ?? "").trim()
	if (Object.hasOwn(WINDOWS, text))
		return WINDOWS[text]
	const parts = text.split("/")
	const possible = [text, ...parts.map((part, at) => parts.slice(at).join("/"))]
	return possible.find(one => one.includes("/") && isZone(one))
}
