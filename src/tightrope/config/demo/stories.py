"""What customers of air-conditioners and lifts write, and what they are answered, in three languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One kind of problem: its category, when in the year it comes, how severe, and how it is told and answered."""

    category: str
    months: tuple[int, ...]
    impact: int
    urgency: int
    hours: float
    """Usual working hours until it is solved."""
    title: dict[str, str]
    text: dict[str, str]
    answer: dict[str, str]
    ask: dict[str, str]
    case_type: str = "fault"


YEAR = tuple(range(1, 13))
SUMMER = (5, 6, 7, 8, 9)

TRAPPED = Story(
    "lift-trapped", YEAR, 3, 3, 0.6,
    {"zh-hans": "电梯困人，两人在轿厢内", "zh-hant": "電梯受困，兩人在車廂內", "en": "Two people trapped in the lift"},
    {
        "zh-hans": "{place}的电梯停在 7 楼和 8 楼之间，两人被困，已用对讲通话，人没有受伤。型号 {model}。",
        "zh-hant": "{place}的電梯停在 7 樓與 8 樓之間，兩人受困，已用對講通話，人沒有受傷。型號 {model}。",
        "en": "The lift ({model}) stands between the 7th and the 8th floor with two people inside. Nobody is hurt.",
    },
    {
        "zh-hans": "救援人员已出发，请告诉被困人员不要扒门、不要倚靠轿门；我们保持通话。",
        "zh-hant": "救援人員已出發，請告訴受困者不要扳門、不要倚靠車廂門；我們保持通話。",
        "en": "Our rescuers are on their way. Please tell those inside not to touch the doors; we stay on the line.",
    },
    {"zh-hans": "现场联系人的电话", "zh-hant": "現場聯絡人的電話", "en": "the phone number of somebody on site"},
)  # fmt: skip
"""What does not wait for the morning; told once, in the night before the first morning."""

STORIES = (
    Story(
        "ac-leak", SUMMER, 2, 2, 6,
        {"zh-hans": "空调室内机漏水", "zh-hant": "冷氣室內機漏水", "en": "Indoor unit is dripping"},
        {
            "zh-hans": "{place}的空调从{when}开始滴水，{model}，面板显示 {code}。请尽快处理。",
            "zh-hant": "{place}的冷氣從{when}開始滴水，型號 {model}，面板顯示 {code}，麻煩儘快處理。",
            "en": "The unit in {place} ({model}) has been dripping since {when}; the panel shows {code}.",
        },
        {
            "zh-hans": "您好，请先关闭该机组并清理冷凝水盘滤网，重启后观察十分钟；多数情况下是排水管堵塞。",
            "zh-hant": "您好，請先關閉該機組並清理冷凝水盤濾網，重新啟動後觀察十分鐘；多半是排水管阻塞。",
            "en": "Please switch the unit off, clean the strainer of the drip tray and watch it for ten minutes; "
            "most often the drain is blocked.",
        },
        {
            "zh-hans": "机房照片和面板上的故障码",
            "zh-hant": "現場照片與面板上的故障碼",
            "en": "a photo of the unit and the code on the panel",
        },
    ),
    Story(
        "ac-cooling", SUMMER, 2, 3, 8,
        {"zh-hans": "空调不制冷", "zh-hant": "冷氣不冷", "en": "No cooling"},
        {
            "zh-hans": "{place}从{when}起只出风不制冷，设定 24 度，室内 31 度。型号 {model}，报 {code}。",
            "zh-hant": "{place}從{when}起只送風不冷，設定 24 度、室內 31 度。型號 {model}，顯示 {code}。",
            "en": "Since {when} the {model} in {place} only blows warm air. Set to 24, room at 31. Code {code}.",
        },
        {
            "zh-hans": "已远程查看运行数据，压缩机高压保护动作。请确认室外机进风口没有遮挡，我们同步安排检查冷媒。",
            "zh-hant": "已遠端查看運轉資料，壓縮機高壓保護動作。請確認室外機進風口沒有遮擋，我們同步安排檢查冷媒。",
            "en": "We looked at the readings: the compressor trips on high pressure. Please make sure nothing covers "
            "the outdoor unit; we prepare a check of the refrigerant.",
        },
        {
            "zh-hans": "室外机周围的照片",
            "zh-hant": "室外機周圍的照片",
            "en": "a photo of the surroundings of the outdoor unit",
        },
    ),
    Story(
        "ac-noise", YEAR, 1, 1, 14,
        {"zh-hans": "内机噪声偏大", "zh-hant": "室內機噪音偏大", "en": "Indoor unit is noisy"},
        {
            "zh-hans": "{place}新装的内机夜里噪声明显，{model}，请看看是不是安装问题。",
            "zh-hant": "{place}新裝的室內機夜裡噪音明顯，型號 {model}，請看看是不是安裝問題。",
            "en": "The new {model} in {place} is loud at night. Could it be the installation?",
        },
        {
            "zh-hans": "请先把风速调到自动并录一段声音发给我们，可以判断是风道共振还是轴承。",
            "zh-hant": "請先把風速調到自動並錄一段聲音給我們，可以判斷是風道共振還是軸承。",
            "en": "Please set the fan to auto and send us a short recording; we can tell resonance from a bearing.",
        },
        {"zh-hans": "一段十秒的录音", "zh-hant": "一段十秒的錄音", "en": "a recording of ten seconds"},
    ),
    Story(
        "ac-remote", YEAR, 1, 2, 3,
        {"zh-hans": "遥控器无法配对", "zh-hant": "遙控器無法配對", "en": "Remote control does not pair"},
        {
            "zh-hans": "换了电池以后遥控器连不上{place}的机器，型号 {model}。",
            "zh-hant": "換電池後遙控器連不上{place}的機器，型號 {model}。",
            "en": "After changing the batteries the remote no longer finds the {model} in {place}.",
        },
        {
            "zh-hans": "请同时按住“模式”和“定时”五秒，听到两声后松开即可重新配对。",
            "zh-hant": "請同時按住「模式」與「定時」五秒，聽到兩聲後放開即可重新配對。",
            "en": "Hold “Mode” and “Timer” together for five seconds until it beeps twice; then it pairs again.",
        },
        {"zh-hans": "遥控器背面的型号", "zh-hant": "遙控器背面的型號", "en": "the model on the back of the remote"},
        case_type="question",
    ),
    Story(
        "lift-stop", YEAR, 3, 3, 4,
        {"zh-hans": "电梯停运", "zh-hant": "電梯停止運轉", "en": "Lift out of service"},
        {
            "zh-hans": "{place}的电梯{when}突然停在中间楼层，现已无人，显示 {code}，住户很着急。",
            "zh-hant": "{place}的電梯{when}突然停在中間樓層，目前無人受困，顯示 {code}，住戶很著急。",
            "en": "The lift in {place} stopped between floors {when}. Nobody is inside. It shows {code}.",
        },
        {
            "zh-hans": "已通知就近服务站。请保持断电并在各层放置停用牌，技术人员正在远程读取故障记录。",
            "zh-hant": "已通知就近服務據點。請保持斷電並在各層放置停用牌，技術人員正在遠端讀取故障紀錄。",
            "en": "The nearest branch is informed. Please keep it switched off and put up signs; we read its log remotely.",
        },
        {
            "zh-hans": "控制柜故障指示灯的照片",
            "zh-hant": "控制櫃故障指示燈的照片",
            "en": "a photo of the lamps in the controller cabinet",
        },
    ),
    Story(
        "lift-door", YEAR, 2, 2, 7,
        {"zh-hans": "电梯门反复开关", "zh-hant": "電梯門反覆開關", "en": "Lift door keeps reopening"},
        {
            "zh-hans": "{place}电梯门关到一半又打开，{when}更频繁，{model}。",
            "zh-hant": "{place}電梯門關到一半又打開，{when}更頻繁，型號 {model}。",
            "en": "The door of the {model} in {place} opens again halfway, worse since {when}.",
        },
        {
            "zh-hans": "请清洁门槛滑槽和光幕镜片，若仍反复，我们调整门机力矩。",
            "zh-hant": "請清潔門檻滑槽與光幕鏡片，若仍反覆，我們調整門機扭力。",
            "en": "Please clean the sill and the light curtain. If it stays, we adjust the door operator.",
        },
        {"zh-hans": "门槛滑槽的照片", "zh-hant": "門檻滑槽的照片", "en": "a photo of the door sill"},
    ),
    Story(
        "contract", YEAR, 1, 1, 10,
        {"zh-hans": "维保合同与发票", "zh-hant": "維護合約與發票", "en": "Service contract and invoice"},
        {
            "zh-hans": "请问{place}的维保合同什么时候到期？发票抬头需要更正。",
            "zh-hant": "請問{place}的維護合約何時到期？發票抬頭需要更正。",
            "en": "When does the service contract for {place} end? The invoice needs another name.",
        },
        {
            "zh-hans": "合同到期日和更正后的发票已发到您的邮箱，请核对抬头和税号。",
            "zh-hant": "合約到期日與更正後的發票已寄到您的信箱，請核對抬頭與統一編號。",
            "en": "The end date and the corrected invoice are in your mailbox; please check name and tax number.",
        },
        {"zh-hans": "正确的抬头和税号", "zh-hant": "正確的抬頭與統一編號", "en": "the right name and tax number"},
        case_type="question",
    ),
    Story(
        "maintenance", (3, 4, 5, 10, 11), 1, 1, 16,
        {"zh-hans": "预约换季保养", "zh-hant": "預約換季保養", "en": "Seasonal maintenance"},
        {
            "zh-hans": "想预约{place}的换季保养，一共 {count} 台，什么时间方便？",
            "zh-hant": "想預約{place}的換季保養，共 {count} 台，什麼時間方便？",
            "en": "We would like to book the seasonal maintenance of {count} units in {place}.",
        },
        {
            "zh-hans": "已登记，保养清单和建议时段见附表，确认后我们锁定人员。",
            "zh-hant": "已登記，保養清單與建議時段請見附表，確認後我們安排人員。",
            "en": "Booked. Please confirm one of the proposed days and we will reserve the people.",
        },
        {"zh-hans": "方便的日期", "zh-hant": "方便的日期", "en": "a day that suits you"},
        case_type="request",
    ),
    Story(
        "complaint", YEAR, 2, 3, 12,
        {"zh-hans": "对上次服务不满意", "zh-hant": "對上次服務不滿意", "en": "Not happy with the last visit"},
        {
            "zh-hans": "{when}上门的人迟到两小时，修完第二天又坏了，要求给个说法。",
            "zh-hant": "{when}到府的人遲到兩小時，修完隔天又壞了，請給個說法。",
            "en": "The engineer came two hours late {when}, and the next day it failed again. We want an explanation.",
        },
        {
            "zh-hans": "非常抱歉让您反复等待。我是本次投诉的负责人，今天下班前给您原因和补救办法。",
            "zh-hant": "非常抱歉讓您反覆等待。我是本次客訴的負責人，今天下班前給您原因與補救辦法。",
            "en": "I am sorry that you had to wait again and again. I answer for this and will give you the cause and "
            "what we do about it before the end of today.",
        },
        {"zh-hans": "上次的服务报告编号", "zh-hant": "上次的服務報告編號", "en": "the number of the last report"},
        case_type="complaint",
    ),
)  # fmt: skip

PLACES = {
    "zh-hans": (
        "三楼机房",
        "一楼大厅",
        "B 座 12 层",
        "地下车库",
        "财务室",
        "二号车间",
        "806 客房",
        "顶楼餐厅",
    ),
    "zh-hant": (
        "三樓機房",
        "一樓大廳",
        "B 棟 12 樓",
        "地下停車場",
        "財務室",
        "二號廠房",
        "806 客房",
        "頂樓餐廳",
    ),
    "en": (
        "the server room",
        "the lobby",
        "tower B, floor 12",
        "the garage",
        "the office",
        "hall 2",
        "room 806",
    ),
}
WHENS = {
    "zh-hans": ("今天早上", "昨天下午", "中午", "周末", "前天"),
    "zh-hant": ("今天早上", "昨天下午", "中午", "週末", "前天"),
    "en": ("this morning", "yesterday afternoon", "noon", "the weekend", "two days ago"),
}
MODELS = ("PX-60", "PX-45", "VR-120", "KFR-35GW", "KFR-72LW", "L-800", "L-1000", "H-Max 630")
CODES = ("E3", "E5", "P4", "F1", "E21", "U4", "B-07")
THANKS = {
    "zh-hans": ("好了，谢谢！", "已经恢复，辛苦了。", "可以了，谢谢周工。", "照片已补充，请看。"),
    "zh-hant": ("好了，謝謝！", "已經恢復，辛苦了。", "可以了，感謝。", "照片已補上，請看。"),
    "en": ("Works again, thank you!", "All good now.", "Here is the photo you asked for."),
}
ANGRY: dict[str, tuple[str, ...]] = {
    "zh-hans": ("已经等了一上午，再没人来我就打 12315 投诉。",),
    "zh-hant": ("已經等了一個上午，再沒人來我就要投訴了。",),
    "en": ("We have waited all morning. If nobody comes I will file a complaint.",),
}
COMMENTS = {
    5: {"zh-hans": "响应很快，讲得清楚。", "zh-hant": "回應很快，講得很清楚。", "en": "Quick and clear."},
    4: {"zh-hans": "不错。", "zh-hant": "不錯。", "en": "Good."},
    3: {"zh-hans": "等得有点久。", "zh-hant": "等得有點久。", "en": "Took a while."},
    2: {
        "zh-hans": "问了三次才有人管。",
        "zh-hant": "問了三次才有人處理。",
        "en": "I had to ask three times.",
    },
    1: {"zh-hans": "同样的故障第二次了。", "zh-hant": "同樣的故障第二次了。", "en": "The same fault again."},
}
CAUSES = (
    ("派工信息没有写清楚楼层，工程师跑错楼", "派工单增加楼层必填项"),
    ("更换的配件是同一批次的不良品", "该批次停用，已通知质量部"),
    ("客服没有在承诺时间回电", "超过承诺一半时间自动提醒主管"),
)
