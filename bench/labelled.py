"""Texts with the place that a reader takes them for: those of the two samples, and others that nothing was tuned to."""

from members.placing import Outcome

BAY = ("US", "Bay Area", "America/Los_Angeles")
NEW_YORK = ("US", "New York", "America/New_York")
TWIN_CITIES = ("US", "Twin Cities", "America/Chicago")
CHICAGO = ("US", "Chicago", "America/Chicago")
BOSTON = ("US", "Boston", "America/New_York")
SEATTLE = ("US", "Seattle", "America/Los_Angeles")
DENVER = ("US", "Denver-Boulder", "America/Denver")
LOS_ANGELES = ("US", "Los Angeles", "America/Los_Angeles")
BERLIN = ("DE", "Berlin", "Europe/Berlin")
LONDON = ("GB", "London", "Europe/London")

# Every location text of both samples, by the place that a reader takes it for: name, country, metro, zone.
LABELLED = {
    ("San Francisco", *BAY): (
        "SF|SFO|San Fran|San Francisco|San Francisco, CA|San Francisco / remote|SOMA, San Francisco|Bay Area|"
        "sf bay area|san francisco california|near Montgomery St BART|SF, close to Caltrain (4th & King)"
    ),
    ("Oakland", *BAY): "Oakland|Oakland, CA|East Bay|Rockridge, Oakland",
    ("Berkeley", *BAY): "Berkeley / Oakland",
    ("Palo Alto", *BAY): "Palo Alto|Palo Alto, CA|Palo Alto, California, USA|Peninsula (Palo Alto)",
    ("New York City", *NEW_YORK): "NYC|New York|New York, NY|new york city",
    ("Brooklyn", *NEW_YORK): "Brooklyn|Brooklyn, NY",
    ("Manhattan", *NEW_YORK): "Manhattan",
    ("Minneapolis", *TWIN_CITIES): "MSP|Minneapolis|Minneapolis, MN|Twin Cities",
    ("Saint Paul", *TWIN_CITIES): "St. Paul, MN",
    ("Chicago", *CHICAGO): "Chicago|Chicago, IL|Chicagoland",
    ("Evanston", *CHICAGO): "Evanston, IL",
    ("Boston", *BOSTON): "Boston|Boston, MA|Greater Boston",
    ("Cambridge", *BOSTON): "Cambridge, MA",
    ("Somerville", *BOSTON): "Somerville MA",
    ("Seattle", *SEATTLE): "Seattle|Seattle, WA|seattle wa",
    ("Bellevue", *SEATTLE): "Bellevue, WA",
    ("Denver", *DENVER): "Denver|Denver, CO|Denver/Boulder",
    ("Boulder", *DENVER): "Boulder, CO",
    ("Los Angeles", *LOS_ANGELES): "LA|Los Angeles|Los Angeles, CA",
    ("Santa Monica", *LOS_ANGELES): "Santa Monica, CA",
    ("Austin", "US", "Austin", "America/Chicago"): "ATX|Austin|Austin Texas|Austin, TX",
    ("Portland", "US", "Portland", "America/Los_Angeles"): "PDX|Portland, OR|Portland, Oregon",
    ("Toronto", "CA", "Toronto", "America/Toronto"): "Toronto|Toronto, Canada|Toronto, ON|GTA (Toronto)",
    ("Vancouver", "CA", "Vancouver", "America/Vancouver"): "Vancouver BC, Canada|Vancouver, BC",
    ("London", *LONDON): "London|London, England|London, UK|Shoreditch, London",
    ("Berlin", *BERLIN): "Berlin|Berlin DE|Berlin, Germany|Kreuzberg, Berlin",
    ("Amsterdam", "NL", "Amsterdam", "Europe/Amsterdam"): "Amsterdam|Amsterdam, NL",
    ("Bengaluru", "IN", "Bengaluru", "Asia/Kolkata"): "Bangalore|Bengaluru, India",
    ("São Paulo", "BR", "São Paulo", "America/Sao_Paulo"): "São Paulo|Sao Paulo, Brazil",
    ("Sydney", "AU", "Sydney", "Australia/Sydney"): "Sydney|Sydney, Australia",
}
OPEN = {"Cambridge": Outcome.ASK, "Earth": Outcome.UNKNOWN, "Remote": Outcome.UNKNOWN}
MEANT = {text: meant for meant, texts in LABELLED.items() for text in texts.split("|")}

# As people write elsewhere in the world: the city that is meant, by name and country.
ELSEWHERE = {
    ("Paris", "FR"): "Paris|Paris, France|Paris 11e|Montreuil / Paris",
    ("Munich", "DE"): "München|Munich, Germany|Muenchen|Schwabing, München",
    ("Hamburg", "DE"): "Hamburg|Hamburg-Altona",
    ("Köln", "DE"): "Köln|Cologne, Germany",
    ("Zürich", "CH"): "Zürich|Zurich, Switzerland|Zuerich",
    ("Vienna", "AT"): "Wien|Vienna, Austria",
    ("Lisbon", "PT"): "Lisboa|Lisbon, Portugal",
    ("Porto", "PT"): "Porto, Portugal",
    ("Madrid", "ES"): "Madrid|Madrid, Spain",
    ("Barcelona", "ES"): "Barcelona|Barcelona, ES",
    ("Warsaw", "PL"): "Warszawa|Warsaw, Poland",
    ("Prague", "CZ"): "Praha|Prague",
    ("Copenhagen", "DK"): "København|Copenhagen, DK",
    ("Stockholm", "SE"): "Stockholm|Stockholm, Sweden",
    ("Dublin", "IE"): "Dublin, Ireland",
    ("Manchester", "GB"): "Manchester, UK|Manchester, England",
    ("Edinburgh", "GB"): "Edinburgh|Edinburgh, Scotland",
    ("Tel Aviv", "IL"): "Tel Aviv|Tel Aviv, Israel",
    ("Mumbai", "IN"): "Mumbai|Bombay, India",
    ("Hyderabad", "IN"): "Hyderabad, India",
    ("Singapore", "SG"): "Singapore|SG",
    ("Tokyo", "JP"): "Tokyo|Tokyo, Japan|Shibuya, Tokyo",
    ("Melbourne", "AU"): "Melbourne, Australia|Melbourne VIC",
    ("Mexico City", "MX"): "CDMX|Mexico City|Ciudad de México",
    ("Buenos Aires", "AR"): "Buenos Aires|Buenos Aires, Argentina",
    ("Bogotá", "CO"): "Bogotá|Bogota, Colombia",
    ("Nairobi", "KE"): "Nairobi|Nairobi, Kenya",
    ("Lagos", "NG"): "Lagos, Nigeria",
    ("Cape Town", "ZA"): "Cape Town|Cape Town, South Africa",
    ("Atlanta", "US"): "Atlanta, GA|ATL",
    ("Salt Lake City", "US"): "Salt Lake City, UT|SLC",
    ("Nashville", "US"): "Nashville, TN|Nashville",
    ("Pittsburgh", "US"): "Pittsburgh|Pittsburgh, PA",
    ("Springfield", "US"): "Springfield, IL",
    ("Kansas City", "US"): "Kansas City, MO",
    ("Montréal", "CA"): "Montreal|Montréal, QC",
    ("London", "CA"): "London, ON|London, Ontario",
}
# What nobody can know for sure: whatever is made of it without asking is wrong.
UNSURE = (
    "Portland|Springfield|Columbus|Santiago|Birmingham|Richmond|SF / Austin|Berlin or Lisbon|between Paris and London|"
    "san franciso|Berln|the internet|anywhere|Europe|Remote|EU timezones|CST|n/a|-|home|Georgia|Victoria|Kingston"
)
