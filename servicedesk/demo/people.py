"""The staff of the centre, as data: name, zone, roles, teams. Four shifts follow the sun."""

from dataclasses import dataclass, field

DOMAIN = "halden.example"


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff. `teams` are names of `TEAMS`; `languages` beside English."""

    name: str
    zone: str = "Australia/Melbourne"
    roles: tuple[str, ...] = ("agent",)
    teams: tuple[str, ...] = ()
    shift: str = ""
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    manager: str = ""
    admin: bool = False

    @property
    def email(self) -> str:
        """first.last@ the operator's demonstration domain."""
        return f"{self.name.lower().replace(' ', '.').replace(chr(39), '')}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Group:
    """One team: tier, function where it is engaged, region empty = everywhere."""

    name: str
    tier: str
    function: str = ""
    order: int = 100
    languages: tuple[str, ...] = field(default=("en",))


TEAMS = [
    Group("Voice L1", "l1", order=10, languages=("en", "zh-hans")), Group("Data L1", "l1", order=20),
    Group("Cloud L1", "l1", order=30), Group("Voice L2", "l2", order=40), Group("Data L2", "l2", order=50),
    Group("Cloud L2", "l2", order=60), Group("Voice L3", "l3", order=70), Group("Data L3", "l3", order=80),
    Group("Cloud L3", "l3", order=90),
    Group("Network operations", "function", "network_operations"),
    Group("Platform engineering", "function", "platform_engineering"),
    Group("Premise engineering", "function", "premise_engineering"),
    Group("Telecom", "function", "telecom"),
    Group("Security response", "function", "security"),
    Group("Emergency response", "function", "emergency_response"),
    Group("Sales", "function", "sales"),
    Group("Billing", "function", "billing"),
    Group("Fieldline contractors", "function", "contractor"),
]  # fmt: skip

# Where these teams talk: hooks of a chat that does not exist; the demonstration's outbound is a sink
CHATS = {
    "Network operations": "slack://T000000000/B000000000/halden-network",
    "Platform engineering": "slack://T000000000/B000000000/halden-platform",
}
# person → further ways after the own mailbox, in order; False = not proved yet
WAYS = {
    "Sofia Lindqvist": [("push", "", True), ("email", "sofia@home.example", True)],
    "Karin Holt": [("push", "", True)],
    "Priya Raman": [("push", "", True)],
    "Tom Okafor": [("push", "", True), ("webhook", "https://pager.halden.example/tom", False)],
    "Daniel Hartley": [("email", "daniel@home.example", False)],
}

DUBLIN, NEW_YORK, VANCOUVER = "Europe/Dublin", "America/New_York", "America/Vancouver"
SINGAPORE, SHANGHAI, PERTH = "Asia/Singapore", "Asia/Shanghai", "Australia/Perth"
APAC, EMEA, AMERICAS, PACIFIC = "APAC day", "EMEA early", "Americas", "Pacific"

STAFF = [
    Person("Priya Raman", teams=("Voice L1",), shift=APAC, skills=("sip", "pbx")),
    Person("Lena Vogt", teams=("Voice L1", "Data L1"), shift=APAC),
    Person("Zhang Wei", SHANGHAI, teams=("Voice L1", "Data L1", "Cloud L1"), shift=APAC, languages=("zh-hans",)),
    Person("Ciara Doyle", DUBLIN, teams=("Voice L1",), shift=EMEA),
    Person("Niall Byrne", DUBLIN, teams=("Data L1", "Network operations"), shift=EMEA),
    Person("Jordan Price", NEW_YORK, teams=("Voice L1", "Data L1", "Cloud L1"), shift=AMERICAS),
    Person("Mika Laurent", VANCOUVER, teams=("Data L1", "Cloud L1"), shift=PACIFIC),
    Person("Tom Okafor", teams=("Voice L2",), shift=APAC, skills=("sbc", "sip")),
    Person("Pavel Novak", DUBLIN, teams=("Voice L2", "Data L2"), shift=EMEA),
    Person("Omar Haddad", PERTH, teams=("Data L2",), shift=APAC, skills=("mpls", "bgp")),
    Person("Nora Petit", NEW_YORK, teams=("Data L2", "Cloud L2"), shift=AMERICAS),
    Person("Li Na", SHANGHAI, teams=("Cloud L2", "Data L2"), shift=APAC, languages=("zh-hans",)),
    Person("Mei-Ling Tan", SINGAPORE, teams=("Voice L2", "Voice L3", "Platform engineering"), shift=APAC),
    Person("Asha Pillai", DUBLIN, teams=("Voice L3", "Platform engineering"), shift=EMEA),
    Person("Viktor Sand", DUBLIN, teams=("Data L3",), shift=EMEA, skills=("optical",)),
    Person("Ines Duarte", NEW_YORK, teams=("Data L3", "Cloud L3"), shift=AMERICAS),
    Person("Ben Castellano", teams=("Network operations", "Telecom"), shift=APAC),
    Person("Rhys Morgan", teams=("Premise engineering",), shift=APAC),
    Person("Farah Aziz", DUBLIN, teams=("Emergency response",), shift=EMEA),
    Person("Gus Lindholm", teams=("Fieldline contractors",), shift=APAC),
    Person("Bianca Wolf", DUBLIN, teams=("Billing",), shift=EMEA),
    Person("Kenji Mori", teams=("Sales",), shift=APAC),
    Person("Karin Holt", roles=("supervisor",), teams=("Voice L1", "Data L1", "Cloud L1"), shift=APAC),
    Person("Liam Walsh", DUBLIN, roles=("supervisor",), teams=("Voice L2", "Data L2"), shift=EMEA),
    Person("Teresa Quinn", NEW_YORK, roles=("supervisor",), teams=("Voice L1", "Data L1"), shift=AMERICAS),
    Person("Sofia Lindqvist", roles=("duty_manager",), shift=APAC),
    Person("Aroha Ngata", DUBLIN, roles=("duty_manager",), shift=EMEA),
    Person("Dana Whitlock", NEW_YORK, roles=("duty_manager",), shift=AMERICAS),
    Person("Jon Reyes", VANCOUVER, roles=("duty_manager",), shift=PACIFIC),
    Person("Hana Sato", roles=("approver_monitoring",), shift=APAC),
    Person("Diego Marin", roles=("approver_service",), shift=APAC),
    Person("Wendy Okoro", DUBLIN, roles=("quality_reviewer",)),
    Person("Yusuf Kaplan", roles=("security_lead", "agent"), teams=("Security response",)),
    Person("Alex Morgan", roles=("administrator",), admin=True),
    Person("Daniel Hartley", roles=(), manager="Ruth Adeyemi"),
    Person("Isabel Ferro", DUBLIN, roles=(), manager="Ruth Adeyemi"),
    Person("Grant Osei", NEW_YORK, roles=(), manager="Ruth Adeyemi"),
    Person("Chen Jie", SHANGHAI, roles=(), languages=("zh-hans",), manager="Ruth Adeyemi"),
    Person("Sena Dlamini", roles=()), Person("Tara Moss", DUBLIN, roles=()),
    Person("Rui Gomes", roles=()), Person("Astrid Berg", DUBLIN, roles=()), Person("Cole Barrett", NEW_YORK, roles=()),
    Person("Eve Stone", roles=()),
    Person("Ruth Adeyemi", roles=(), manager="Helen Strand"), Person("Marcus Vaile", roles=(), manager="Helen Strand"),
    Person("Helen Strand", "Australia/Sydney", roles=()),
    Person("Ivan Petrov", roles=()), Person("Grace Muir", roles=()),
]  # fmt: skip

# role → (holder, deputy): company-wide rungs
COMPANY = {
    "director_support": ("Ruth Adeyemi", "Naveen Rao"), "vp_customer_experience": ("Marcus Vaile", "Ruth Adeyemi"),
    "ceo": ("Helen Strand", "Grace Muir"), "centre_director": ("Ivan Petrov", "Grace Muir"),
    "deputy_gm": ("Grace Muir", ""),
}  # fmt: skip
STAFF.append(Person("Naveen Rao", roles=(), manager="Ruth Adeyemi"))

# region → account manager, service delivery, technical account manager, regional manager, executive support
LADDERS = {
    "au": ("Daniel Hartley", "Sena Dlamini", "Tara Moss", "Rui Gomes", "Eve Stone"),
    "eu": ("Isabel Ferro", "Sena Dlamini", "Tara Moss", "Astrid Berg", "Eve Stone"),
    "us": ("Grant Osei", "Sena Dlamini", "Tara Moss", "Cole Barrett", "Eve Stone"),
    "cn": ("Chen Jie", "Sena Dlamini", "Tara Moss", "Rui Gomes", "Eve Stone"),
}
RUNGS = (
    "account_manager", "service_delivery_manager", "technical_account_manager", "regional_manager", "executive_support",
)  # fmt: skip

# Duty managers by shift: hours on the wall of the site, so that each overlaps the next on every day of the year
SHIFTS = [
    (APAC, "Australia/Melbourne", "07:00", "17:30", "Sofia Lindqvist"), (EMEA, DUBLIN, "06:00", "14:30", "Aroha Ngata"),
    (AMERICAS, NEW_YORK, "08:30", "14:30", "Dana Whitlock"), (PACIFIC, VANCOUVER, "11:00", "15:00", "Jon Reyes"),
]  # fmt: skip

# Weekly rotations of seniors: team → (zone, hand-off on Monday, people in their order)
ROTATIONS = {
    "Voice L2": ("Australia/Melbourne", 8, ("Tom Okafor", "Pavel Novak")),
    "Data L2": (PERTH, 8, ("Omar Haddad", "Nora Petit")),
    "Cloud L2": (SHANGHAI, 9, ("Li Na", "Nora Petit")), "Voice L3": (SINGAPORE, 6, ("Mei-Ling Tan", "Asha Pillai")),
    "Data L3": (DUBLIN, 9, ("Viktor Sand", "Ines Duarte")), "Cloud L3": (NEW_YORK, 9, ("Ines Duarte",)),
    "Network operations": (DUBLIN, 9, ("Ben Castellano", "Niall Byrne")),
    "Platform engineering": (SINGAPORE, 6, ("Mei-Ling Tan", "Asha Pillai")),
    "Premise engineering": ("Australia/Melbourne", 8, ("Rhys Morgan",)),
}  # fmt: skip
# Nobody of premise engineering is on before Sunday noon: the gap that the page shows
REST_OF_SUNDAY = "Premise engineering"

# position, category, kind, region, tier, team, specialists
ROUTES = [
    (10, "", "security", "", "l2", "Security response", ()),
    (20, "security", "", "", "l2", "Security response", ()),
    (30, "", "billing", "", "l1", "Billing", ()),
    (40, "new_service", "", "", "l1", "Sales", ()),
    (50, "cloud", "", "", "l1", "Cloud L1", ("Platform engineering",)),
    (60, "network_interruption", "", "au", "l1", "Data L1", ("Network operations", "Fieldline contractors")),
    (70, "network_interruption", "", "", "l1", "Data L1", ("Network operations",)),
    (80, "network_degradation", "", "", "l1", "Data L1", ("Network operations",)),
    (90, "", "", "", "l1", "Voice L1", ("Telecom",)),
    (110, "cloud", "", "", "l2", "Cloud L2", ("Platform engineering",)),
    (120, "network_interruption", "", "", "l2", "Data L2", ("Network operations",)),
    (130, "network_degradation", "", "", "l2", "Data L2", ("Network operations",)),
    (140, "", "", "", "l2", "Voice L2", ("Platform engineering", "Telecom")),
    (210, "cloud", "", "", "l3", "Cloud L3", ()),
    (220, "network_interruption", "", "", "l3", "Data L3", ("Telecom",)),
    (230, "network_degradation", "", "", "l3", "Data L3", ("Telecom",)),
    (240, "", "", "", "l3", "Voice L3", ()),
]  # fmt: skip

# queue, language, what is said first, what the agent should know
SCRIPTS = [
    ("Data support", "en",
     "Good {daytime}, {operator}, data support, this is {agent}. May I have *your name* and *your organisation*?",
     "Let the caller say it first. Ask what the fault stops them from doing, before anything technical."),
    ("Data support", "zh-hans", "{daytime}好，{operator}数据支持，我是{agent}。请问*您贵姓*，来自*哪个单位*？",
     "让来电者先说姓名和单位。先问故障影响了什么业务。"),
    ("Voice support", "en",
     "Good {daytime}, {operator}, voice support, {agent} speaking. *Your name* and *your organisation*, please?",
     "Let the caller say it first. Emergency lines down: mark it critical at once."),
]  # fmt: skip
