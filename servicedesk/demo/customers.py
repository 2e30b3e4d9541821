"""The twelve customers, as data: three of each service category, four regions, two languages."""

from dataclasses import dataclass

ALL = "rcae"  # report, change, approve, escalate


@dataclass(frozen=True, slots=True)
class Who:
    """One contact: name, job, mailbox, authorities as letters of `ALL`, number; `portal` may sign in."""

    name: str
    job: str
    box: str
    may: str
    number: str
    prefers: str = "email"
    portal: bool = True


@dataclass(frozen=True, slots=True)
class What:
    """One service: ID, type, name, site, state, criticality; `complete` False = not fully registered."""

    ident: str
    type: str
    name: str
    site: str
    state: str = "up"
    criticality: int = 3
    complete: bool = True
    upstream: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """One organisation with its people, sites and services. `calendar` is the one its P3 and P4 count on."""

    key: str
    name: str
    account: str
    category: str
    segment: str
    region: str
    zone: str
    calendar: str
    people: tuple[Who, ...]
    sites: tuple[str, ...]
    services: tuple[What, ...]
    production: bool = False
    language: str = "en"


MELBOURNE, LONDON, NEW_YORK, SHANGHAI = "Australia/Melbourne", "Europe/London", "America/New_York", "Asia/Shanghai"
VICTORIA, ENGLAND, YORK, CHINA = "Office hours, Victoria", "Office hours, England", "Office hours, New York", "办公时间"

CLIENTS = [
    Client(
        "northgate", "Northgate Health Alliance", "A-200418", "government", "premium", "au", MELBOURNE, VICTORIA,
        (
            Who("Joanne Priest", "CIO", "joanne.priest", ALL, "+61355500140", "phone"),
            Who("Alan Whitford", "Network operations", "alan.whitford", "rce", "+61355500142", "sms"),
            Who("Beth Carlow", "Clinics manager", "beth.carlow", "r", "+61355500143"),
            Who("Victor Amos", "Finance", "victor.amos", "ra", "+61355500144", portal=False),
        ),
        ("Parkville", "Sunbury clinic", "Bacchus Marsh", "Docklands"),
        (
            What("VT-88120", "voice", "SIP trunk, 300 channels", "Parkville", "degraded", 1),
            What("EPL-30112", "network", "Ethernet line", "Sunbury clinic", "degraded", 2),
            What("HPX-70881", "voice", "Hosted PBX, 214 extensions", "Parkville"),
            What("VPN-20117", "network", "IP VPN access", "Bacchus Marsh", complete=False),
            What("IC-4431", "voice", "Backup trunk", "Docklands", upstream="VT-88120"),
        ),
        production=True,
    ),
    Client(
        "brightwater", "Brightwater Council", "A-200731", "government", "managed", "au", MELBOURNE, VICTORIA,
        (
            Who("Martin Leigh", "IT manager", "martin.leigh", ALL, "+61355500151"),
            Who("Sally Nugent", "Accounts", "sally.nugent", "ra", "+61355500152"),
            Who("Dev Patel", "Service desk", "dev.patel", "r", "+61355500153"),
        ),
        ("Council offices", "Depot"),
        (
            What("ISD-61220", "voice", "ISDN lines, decommissioned", "Council offices"),
            What("EPL-30340", "network", "Ethernet line", "Council offices"),
            What("VPN-20440", "network", "IP VPN access", "Depot", complete=False),
        ),
    ),
    Client(
        "lakemont", "Lakemont County", "A-300612", "government", "general", "us", NEW_YORK, YORK,
        (
            Who("Carla Reed", "Chief technologist", "carla.reed", ALL, "+12125550131"),
            Who("Hank Bowers", "Dispatch centre", "hank.bowers", "re", "+12125550132", "phone"),
            Who("Joyce Lim", "Network team", "joyce.lim", "rc", "+12125550133"),
        ),
        ("County hall", "Dispatch centre"),
        (
            What("VT-90771", "voice", "Emergency lines", "Dispatch centre", criticality=1),
            What("EPL-41002", "network", "Ethernet line", "County hall"),
        ),
        production=True,
    ),
    Client(
        "calder", "Calder Mutual Bank", "A-207751", "enterprise", "premium", "eu", LONDON, ENGLAND,
        (
            Who("Dee Farouk", "Head of networks", "dee.farouk", ALL, "+442079460177"),
            Who("Ross Ingram", "Branch IT", "ross.ingram", "rc", "+442079460178"),
            Who("Helga Brandt", "Risk", "helga.brandt", "a", "+442079460179", portal=False),
            Who("Ikram Bello", "Service desk", "ikram.bello", "r", "+442079460180"),
        ),
        ("Leeds branch", "Data centre Slough"),
        (
            What("EPL-30277", "network", "Ethernet line", "Leeds branch", "degraded", 2),
            What("CL-5100", "cloud", "Private cloud, 40 hosts", "Data centre Slough", criticality=1),
            What("FW-1180", "security", "Managed firewall", "Data centre Slough"),
        ),
        production=True,
    ),
    Client(
        "sable", "Sable Point Mining", "A-208820", "enterprise", "premium", "au", "Australia/Perth", VICTORIA,
        (
            Who("Gwen Tully", "Operations technology", "gwen.tully", ALL, "+61855500161"),
            Who("Ravi Menon", "Network engineer", "ravi.menon", "rc", "+61855500162"),
            Who("Bruno Keller", "Site lead", "bruno.keller", "re", "+61855500163", "phone"),
        ),
        ("Perth", "Port Hedland pit"),
        (
            What("EPL-91006", "network", "International line Perth–Singapore", "Perth", "degraded", 1),
            What("VPN-20533", "network", "IP VPN access", "Port Hedland pit"),
            What("SAT-0031", "network", "Satellite backup", "Port Hedland pit", complete=False, upstream="VPN-20533"),
        ),
        production=True,
    ),
    Client(
        "merrin", "Merrin & Cole Legal", "A-209114", "enterprise", "managed", "us", NEW_YORK, YORK,
        (
            Who("Paula Merrin", "Partner", "paula.merrin", ALL, "+12125550141"),
            Who("Theo Lang", "IT", "theo.lang", "rc", "+12125550142"),
            Who("Amy Cho", "Reception", "amy.cho", "r", "+12125550143", "phone"),
        ),
        ("Fifth Avenue", "Hoboken"),
        (
            What("HPX-71140", "voice", "Hosted PBX", "Fifth Avenue", "degraded", 2),
            What("AG-1180", "voice", "Analogue gateway", "Hoboken"),
            What("M365-220", "cloud", "Hosted mail", "Fifth Avenue"),
        ),
    ),
    Client(
        "kestrel", "Kestrel Wholesale", "W-400102", "wholesale", "premium", "au", MELBOURNE, VICTORIA,
        (
            Who("Nina Osborne", "Interconnect", "nina.osborne", ALL, "+61355500171"),
            Who("Frank Duval", "NOC", "frank.duval", "rce", "+61355500172", "phone"),
            Who("Petra Simic", "Numbering", "petra.simic", "rc", "+61355500173"),
        ),
        ("Exchange Street",),
        (
            What("IC-4402", "voice", "Interconnect trunk group", "Exchange Street", "degraded", 1),
            What("NR-5550", "voice", "Number range 03 5550 71xx", "Exchange Street"),
        ),
        production=True,
    ),
    Client(
        "harbour", "Harbour Line Carriers", "W-400377", "wholesale", "managed", "eu", LONDON, ENGLAND,
        (
            Who("Simon Ashe", "Transmission", "simon.ashe", ALL, "+442079460191"),
            Who("Elke Jansen", "NOC", "elke.jansen", "r", "+442079460192"),
            Who("Piotr Wilk", "NOC nights", "piotr.wilk", "re", "+442079460193", "phone"),
        ),
        ("Telehouse North",),
        (
            What("WDM-7710", "network", "100G wavelength London–Rotterdam", "Telehouse North", criticality=1),
            What("IPT-3301", "network", "IP transit", "Telehouse North"),
        ),
    ),
    Client(
        "hudong", "沪东通信", "W-600021", "wholesale", "premium", "cn", SHANGHAI, CHINA,
        (
            Who("王芳", "网络运行部经理", "wang.fang", ALL, "+862155500101"),
            Who("刘洋", "值班工程师", "liu.yang", "re", "+862155500102", "phone"),
            Who("陈静", "商务", "chen.jing", "ra", "+862155500103"),
        ),
        ("浦东机房",),
        (
            What("MPLS-8801", "network", "国际专线 上海–新加坡", "浦东机房", "down", 1),
            What("CL-6601", "cloud", "云主机池", "浦东机房", complete=False),
        ),
        production=True, language="zh-hans",
    ),
    Client(
        "larkfield", "Larkfield Systems", "C-500210", "channel", "channel", "us", NEW_YORK, YORK,
        (
            Who("Maya Ortiz", "Partner manager", "maya.ortiz", ALL, "+12125550151"),
            Who("Cal Whitney", "Support", "cal.whitney", "r", "+12125550152"),
            Who("Rosa Kim", "Projects", "rosa.kim", "rc", "+12125550153"),
        ),
        ("Newark",),
        (
            What("TF-61007", "voice", "Inbound toll-free", "Newark"),
            What("VPN-20990", "network", "IP VPN access", "Newark", "degraded"),
        ),
    ),
    Client(
        "wexcombe", "Wexcombe Partners", "C-500355", "channel", "channel", "eu", LONDON, ENGLAND,
        (
            Who("Oliver Grant", "Director", "oliver.grant", ALL, "+442079460201"),
            Who("Lucy Harding", "Support", "lucy.harding", "r", "+442079460202"),
            Who("Imran Shah", "Engineering", "imran.shah", "rc", "+442079460203"),
        ),
        ("Bristol",),
        (
            What("HPX-70023", "voice", "Hosted PBX", "Bristol"),
            What("CL-5230", "cloud", "Hosted desktops", "Bristol"),
        ),
    ),
    Client(
        "yunqiao", "云桥科技", "C-600118", "channel", "channel", "cn", SHANGHAI, CHINA,
        (
            Who("赵敏", "技术总监", "zhao.min", ALL, "+862155500111"),
            Who("孙浩", "客户支持", "sun.hao", "r", "+862155500112"),
            Who("周婷", "项目经理", "zhou.ting", "rc", "+862155500113"),
            Who("黄磊", "夜班", "huang.lei", "re", "+862155500114", "phone"),
        ),
        ("静安办公室",),
        (
            What("CL-6620", "cloud", "云桌面", "静安办公室", "degraded"),
            What("VPN-28801", "network", "企业 VPN 接入", "静安办公室"),
        ),
        language="zh-hans",
    ),
]  # fmt: skip

# calendar → zone, country, subdivision of the holidays package
CALENDARS = {
    VICTORIA: (MELBOURNE, "AU", "VIC"), ENGLAND: (LONDON, "GB", "ENG"), YORK: (NEW_YORK, "US", "NY"),
    CHINA: (SHANGHAI, "CN", None),
}  # fmt: skip

# One PIN and one answer for every third customer in turn; printed on the demonstration sheet.
PINS = ("482913", "730546", "295817")
QUESTION = "Name of the first street you lived in"
QUESTION_ZH = "您住过的第一条街叫什么"
ANSWERS = ("Harbour Lane", "Mill Road", "Ash Grove")
