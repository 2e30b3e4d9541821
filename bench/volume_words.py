"""What the bulk says: some words in every third text, others in one of a thousand, a few in Chinese."""

PROBLEMS = (
    "Packet loss", "Line down", "Inbound calls fail", "Outbound calls fail", "Slow uploads", "One-way audio",
    "Invoice shows the wrong rate", "No dial tone", "Latency above 80 ms", "VPN tunnel drops", "Fax pages missing",
    "BGP session flaps", "DNS does not resolve", "Backup link in use", "Voicemail not delivered", "Port unreachable",
    "Jitter on video calls", "Number shows as unknown", "Router reboots", "Optical power low", "专线丢包", "语音中断",
)  # fmt: skip
PLACES = (
    "Ballarat", "Sunbury clinic", "Port Kembrey", "Docklands", "Kyneton", "Romsey", "Perth", "Singapore", "Rotterdam",
    "Hamburg", "Lyon", "Denver", "Austin", "head office", "the warehouse", "the data centre", "branch 14", "上海机房",
)  # fmt: skip
SENTENCES = (
    "Called the customer and agreed to test again after the change window.",
    "Traceroute stops at the provider edge, the next hop does not answer.",
    "Customer confirms that the router was power cycled twice without effect.",
    "Optical receive power is below the threshold on the uplink port.",
    "Escalated to network operations with the capture of the failed calls.",
    "Rolled back the configuration of last night, errors fell to zero.",
    "Registration is rejected with cause 488 since the codec list changed.",
    "Field engineer booked, access to the site from eight in the morning.",
    "Monitoring shows loss of eight percent towards the core since noon.",
    "Replaced the transceiver, light levels are normal again.",
    "The invoice lists a tariff that the contract does not have.",
    "Traffic runs over the backup path, the primary is still down.",
    "Asked the carrier for the state of the splice, no answer yet.",
    "Interface counters show input errors growing by the minute.",
    "Customer asks for news before the board meeting in the afternoon.",
    "Test call to the toll free number reached the right menu.",
    "The firewall drops fragments, raised with the security team.",
    "Reboot planned for tonight, the customer agreed by mail.",
    "Certificate of the session border controller expires tomorrow.",
    "Latency is back under twenty milliseconds after the reroute.",
    "Power failure in the cabinet, battery holds for two more hours.",
    "DHCP pool is exhausted at the branch, range was widened.",
    "No fault found on our side, waiting for the customer to test.",
    "Cable was cut by an excavator near the railway bridge.",
    "核心交换机端口误码增加，已通知现场工程师更换光模块。",
    "客户确认业务恢复正常，等待回访。",
)
RARE = (
    "helium", "quartz", "marzipan", "trombone", "walrus", "zeppelin", "obsidian", "periscope", "lighthouse", "saffron",
)  # fmt: skip
