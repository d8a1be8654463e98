"""How people say in a chat that they need or offer something: what leads to it, what it may be, and what is meant otherwise."""

from __future__ import annotations

import re

# People, rooms, things and services that members of a founders' community give each other.
_ROLES = (
    r"(?:lawyers?|attorney|solicitors?|notary|accountants?|bookkeepers?|tax advis[eo]rs?|advis[eo]rs?"
    r"|consultants?|mentors?|coach(?:es)?|tutors?|teachers?|trainers?"
    r"|designers?|developers?|devs?|engineers?|programmers?|coders?|freelancers?|contractors?|interns?"
    r"|working students?|(?:co-?)founders?|ctos?|coos?|cfos?|cmos?|pms?"
    r"|product managers?|project managers?|marketers?|sales(?: ?people| ?person| reps?| hires?)?|sdrs?"
    r"|recruiters?|headhunters?|copywriters?|writers?|editors?|translators?|interpreters?"
    r"|proofreaders?|native speakers?|photographers?|videographers?|video editors?|illustrators?"
    r"|animators?|speakers?|hosts?|moderators?|judges?|volunteers?|testers?|beta testers?|pilots?"
    r"|pilot customers?|design partners?|customers? to interview|interviewees|users? to (?:test|interview)"
    r"|investors?|angels?|lead investors?|partners?|distributors?|resellers?"
    r"|suppliers?|manufacturers?|factory|factories|workshops? (?:that|who|which)|assemblers?|printers?"
    r"|agency|agencies|plumbers?|electricians?|architects?|nann(?:y|ies)|babysitters?"
    r"|flatmates?|roommates?|analysts?|data scientists?|researchers?|virtual assistants?|assistants?|va"
    r"|technicians?|machinists?|welders?|carpenters?|scientists?|chemists?|doctors?"
    r"|community managers?|growth (?:person|lead|hacker)|operations? (?:person|lead|manager)"
    r"|office managers?|patent attorneys?|broker|brokers|customs agents?|freight forwarders?|importers?"
    r"|team members?|teammates?|experts?|specialists?|professionals?|reviewers?|sparring partners?|hires?"
    r"|person who|people who|someone who|somebody who)"
)
_THINGS = (
    r"(?:desks?|desk space|office(?: space)?|offices|co-?working(?: space| desk)?|meeting rooms?|rooms?"
    r"|flats?|apartments?|sublets?|venues?|storage|warehouses?|warehouse space|garages?|parking(?: space)?"
    r"|pallets?|shelves|chairs?|monitors?|laptops?|macbooks?|phones?|iphones?|test devices?|devices?"
    r"|cameras?|tripods?|projectors?|microphones?|mics?|printers?|3d printers?|laser cutters?"
    r"|oscilloscopes?"
    r"|soldering irons?|boards?|sensors?|batteries|displays?|chips?|parts|pcbs?|servers?|gpus?|gpu time"
    r"|credits?|vouchers?|coupons?|tickets?|licen[cs]es?|seats?|spots?|slots?|vans?|cars?|bikes?"
    r"|cargo bikes?"
    r"|trolleys?|whiteboards?|fridges?|coffee machines?|booths?|stands?|banners?|samples?|datasets?"
    r"|templates?|adapters?|cables?|chargers?|hardware|equipment|furniture|lockers?|boxes|tools?)"
)
_SERVICES = (
    r"(?:help (?:with|on|from|for)|a hand (?:with|on)|feedback (?:on|for|about)|(?:an? )?(?:intros?"
    r"|introductions?|warm intros?|referrals?|connections?|contacts?) (?:to|at|with|in|for)"
    r"|(?:a )?(?:second pair of eyes|code review|design review|review of|usability test|legal (?:advice"
    r"|help|review)|tax advice|advice (?:on|about|from|for)|mentoring|mentorship|coaching|translations?"
    r"|proofreading)"
    r"|support (?:with|on|for))"
)
_GAP = r"(?:[\w'’/&+.,-]+ ){0,5}?"
_SHORT_GAP = r"(?:[\w'’/&+.-]+ ){0,4}?"
_WANTED = (
    rf"(?:{_GAP}(?:{_ROLES}|{_THINGS})|(?:some|a bit of |a little |urgent |quick |honest |your )*{_SERVICES}"
    r"|(?:some|any)(?:one|body)(?: \w+)? (?:who|to|with|that|from|in|for|good at|experienced))(?![\w-])"
)
_BEGINS = (
    r"(?:^|(?<=[:,–—-] )|(?<=[:,]))(?:(?:hi|hey|hello|all|everyone|folks|friends|guys|team|so|ok|and|also"
    r"|btw|please|pls|urgent|urgently|psa|asking here|cross-?post(?:ing)?|quick (?:ask|one|request"
    r"|question)"
    r"|small ask|ask|long shot|shameless ask|random ask|random|dear all|founders|there|good morning"
    r"|morning|good evening)\b[ ,:!.-]*)*"
)
_I = (
    r"(?:(?:i|we|my (?:team|startup|company|cofounder and i)|our (?:team|startup|company))(?:'m| am|'re| are"
    r"|'ve been| have been| is)? )"
)
_ADV = (
    r"(?:(?:still|also|now|currently|desperately|urgently|really|actively|always|again|just|at the moment"
    r"|both) )*"
)
_FOR_US = r"(?: (?:for (?:me|us)|here|please|maybe|perhaps|possibly|kindly|quickly|briefly))*"
_DO = (
    r"(?:(?:have|take) a (?:quick |short |brief )?look (?:at|over)|look (?:at|over|through)"
    r"|(?:proof-?)?read(?: through)?|review|check|test|try|critique|roast|translate|edit|introduce (?:me"
    r"|us)|intro (?:me|us)"
    r"|connect (?:me|us)|put (?:me|us) in touch|help(?: (?:me|us))?(?: (?:with|out with|to|set|fix|debug"
    r"|translate|review|move|find|get|write|build|test))|lend (?:me|us)|borrow|rent (?:me|us) out"
    r"|host (?:me|us)"
    r"|mentor|coach|take (?:some )?(?:photos|pictures)|film|record|moderate|cover for|sublet|design|solder"
    r"|assemble|ship|bring (?:me|us)|recommend|refer)"
)
_OBJECT_OF_DO = (
    r"(?! (?:why|how|what|when|where|if|whether|a book|a podcast|a movie|a restaurant|a film|a series"
    r"|a good (?:book|podcast|restaurant|movie|bar|café|cafe|read|show|series)|something to|for me the|it\b"
    r"|this\b(?: (?:link|out|thread))?$))"
)
_WHO_CAN = (
    r"(?:(?:can|could|would|will|might) (?:any(?:one|body)|some(?:one|body)|one of you|anyone of you"
    r"|any of you)(?: (?:here|please|kindly|maybe|with [\w' -]{3,40}?|in [\w' -]{3,30}?|from [\w' -]{3,30}?"
    r"|who [\w' -]{3,40}?))*|who (?:can|could|would|has time to|is able to|is willing to|wants to"
    r"|would like to|is up for))"
)
_KNOWS = (
    r"(?:(?:does |do )?(?:any(?:one|body)|some(?:one|body)|you|any of you|one of you|people)(?: here"
    r"| guys)? (?:know|knows|know of|recommend|have|has|got)|who (?:knows|knows of|has|here has|here knows"
    r"|can recommend|could recommend|would recommend)|any (?:recommendations?|recos?|recs|tips?|leads"
    r"|suggestions?) for|recommendations? (?:for|please for|needed for)|(?:can|could) (?:any(?:one|body)"
    r"|some(?:one|body)|you)(?: here| guys| all)? (?:please )?recommend)"
)
_DETERMINER = (
    r"(?:an?|another|some|any|one|two|three|four|five|[0-9]{1,3}|more|additional|good|great|reliable|decent"
    r"|experienced|affordable|nice)"
)
NEEDS = tuple(
    re.compile(text)
    for text in (
        # "Looking for a backend engineer", "we're still hunting for desk space".
        rf"{_BEGINS}(?:{_I})?{_ADV}(?:looking|searching|hunting) for {_WANTED}",
        rf"{_BEGINS}(?:{_I})?{_ADV}(?:looking to|hoping to|want to|would like to|'d like to"
        r"|trying to) (?:hire|rent|borrow|buy|sublet|get an intro|get introduced|find|bring on"
        rf"|onboard) {_WANTED}",
        rf"{_BEGINS}(?:{_I})?{_ADV}(?:in (?:search|need) of|seeking|iso|wtb) {_WANTED}",
        rf"{_BEGINS}(?:wanted|needed|hiring|we'?re hiring|we are hiring|i'?m hiring|i am hiring|now hiring"
        rf"|need)[: -]+(?:{_DETERMINER} )?{_WANTED}",
        rf"{_BEGINS}(?:i|we|our \w+|my \w+)(?: would|'d)? {_ADV}(?:need|could use|could really use|want"
        rf"|require|are short of|are missing|'re missing|'m missing|lack) (?:{_DETERMINER} )?{_WANTED}",
        rf"{_BEGINS}{_WHO_CAN}{_FOR_US} {_DO}{_OBJECT_OF_DO}",
        rf"{_BEGINS}{_KNOWS} {_DETERMINER} {_WANTED}",
        rf"{_BEGINS}(?:is |are )?(?:any(?:one|body)|some(?:one|body))(?: here)? (?:have |has |got "
        rf"|with )?(?:selling|renting out|subletting|giving away|a spare|an old|an unused|a used) {_WANTED}",
        rf"{_BEGINS}(?:where|from whom|how) (?:can|could) (?:i|we) (?:find|hire|rent|borrow"
        rf"|get hold of) (?:an?|some) {_WANTED}",
        # Chinese
        r"(?:^|[\s,:!。])(?:大家好|各位|急|跪|在线|诚心?|有偿|高价|紧急|重金|想|再|请问|我们?(?:公司|团队"
        r"|这边)?)*求(?:推荐|介绍|购|租|借|助|合租|合作|对接|引荐|内推|一?[个位名台间套份家]|靠谱|懂|会"
        r"|有经验|兼职|带货|投资|资源|供应商|仓|工位|场地|帮忙|大佬帮)(?!一?个?(?:说法|安慰|解释|问题|链接"
        r"|答案))",
        r"(?:^|[\s,:!。])(?:大家好|各位|我们?|现在|最近|目前|公司|团队|这边|正在?|还|也|急|想|要|在|诚"
        r"|项目|长期|有偿|准备|打算)*(?:寻找?|寻求|急?找|物色|招募|诚招|诚聘|急招|急聘"
        r"|招聘?)(?:一下)?(?:一?[个位名家台间]|[两二三四五几0-9]+[个位名家台间]|合伙人|联创|兼职|全职|实习"
        r"|懂|会|能|有经验|靠谱|专业|资深|熟悉|做过|擅长|供应商|工厂|代工|律师|会计|设计|翻译|开发|程序"
        r"|工程师|前端|后端|技术|产品|运营|销售|市场|投资|渠道|客户|工位|办公|场地|仓库|嘉宾|志愿者|摄影"
        r"|财务|法务|代账|顾问|导师|种子用户|内测用户|测试用户|经销商|代理|人(?:帮忙|一起|合租|拼)|室友)",
        r"(?:^|[\s,:!。])(?:大家好|各位|我们?|现在|最近|目前|公司|团队|这边|项目|也|还|就)*(?:急?需要?"
        r"|想要|想租|想借|想收|急收|收|租|借用?|急缺|缺)(?:一?[个位名家台间套辆批块]"
        r"|[两二三四五六几0-9]+[个位名家台间套辆批块]|有人(?:帮忙?|懂|会|能)|懂|会做|熟悉|靠谱"
        r"|专业)(?!(?:假期|解释|答案|月|周|小时|人静|咖啡|理由|方案|决定|态度|奇迹|拥抱|红包|觉|时间|说法"
        r"|更好|方向|新的?开始))",
        r"(?:有没有|有无|有木有|哪位|谁|有谁|有人|有哪位|群里有没有|群里谁|大家有没有|各位有没有)(?:大佬"
        r"|朋友|老师|小伙伴|群友|人|同学|创始人|前辈|高手)?(?:[\u4e00-\u9fff]{0,10}?)(?:能|可以|愿意|方便"
        r"|有空|有时间)(?:来|抽空)?(?:帮(?:忙|我|我们|看|改|介绍|推荐|引荐|翻|测)|介绍|引荐|推荐|借|出借"
        r"|转让|指导|对接|内推|接(?:单|活|小批量)|做一下|看看(?:我们?|一下我))",
        r"(?:有没有|有无|有木有|谁有|谁认识|谁那里有|谁那儿有|谁家有|哪位有|哪位认识|谁手上有|谁手里有"
        r"|谁知道有|有人认识|有人有|大家有没有|大家有|有朋友认识|求问有没有)(?:比较|什么|好的"
        r"|好用)?(?:靠谱|推荐|合适|闲置|多余|空|专业|便宜|懂|认识|做过|熟悉|做|好|接|二手|小|多"
        r"|能)?的?[\u4e00-\u9fffa-z0-9 ]{0,12}?(?:律师|会计|代账|设计师|翻译|摄影师?|工程师|程序员|开发"
        r"|顾问|专家|投资人|供应商|工厂|代工厂|厂家?|仓库|货代|报关行|工位|办公室|会议室|场地|房子|显示器"
        r"|投影仪?|相机|电脑|手机|样机|设备|中介|猎头|医生|老师|阿姨|保洁|渠道|经销商|代理|人脉|门票|票"
        r"|名额|示波器|打印机|服务商|机构|公司可以|外包|团队|朋友做|的人|大佬|小伙伴)",
        r"(?:麻烦|求|请|拜托|跪求|想请)(?:各位|大家|大佬|群友|哪位|有经验的)?(?:朋友|大佬|老师"
        r"|人)?(?:们)?(?:帮忙?|帮我们?)(?:我们?)?(?:看|改|测|翻译|推荐|介绍|引荐|审|试用|体验|转发给)",
        r"(?:^|[\s,:!。])谁(?:能|可以|愿意|方便|有空|审美好|有经验)[\u4e00-\u9fff,]{0,8}(?:帮|介绍|引荐|借"
        r"|带一下|指导)",
    )
)
_HAVE = r"(?:i|we|my \w+|our \w+)(?:'ve| have| has)?(?: still| also| just| currently| now)*(?: got| have| has)?"
OFFERS = tuple(
    re.compile(text)
    for text in (
        rf"{_BEGINS}{_HAVE} (?:{_SHORT_GAP})?(?:spare|free|unused|extra|left ?over|empty|surplus"
        rf"|available) {_SHORT_GAP}(?:{_THINGS}|{_ROLES}|capacity|hours?|space|time slots?)(?![\w-])",
        rf"{_BEGINS}{_HAVE} {_SHORT_GAP}(?:{_THINGS}|capacity|space)(?: [\w'-]+){{0,4}}? (?:to (?:give away"
        r"|spare|lend|rent(?: out)?|share|sublet|sell)|left over|left|for (?:any|every)(?:one|body)"
        r"|free until|available|for sale|for rent|up for grabs|if any(?:one|body))",
        rf"{_BEGINS}{_HAVE} (?:space|room) for (?:[0-9]+|an?|one|two|three|four|five|six|seven|eight|ten"
        r"|some|another|more) ",
        rf"{_BEGINS}(?:(?:i|we)(?:'m| am|'re| are)? )?{_ADV}(?:offering|giving away|renting out|subletting"
        r"|selling|lending out|donating)(?: out)? (?!(?:my|your) soul|to (?:big|enterprise|smbs"
        r"|customers))(?:[\w€$£'’/-]+)",
        rf"{_BEGINS}(?:i|we) (?:can |could |would like to |'d like to |want to |would |gladly "
        r"|happily )*offer (?!you\b|him|her|them|less|more than)\w+",
        rf"{_BEGINS}(?:{_I})?{_ADV}(?:happy|glad|delighted|willing|keen) to (?:help|review|mentor|coach"
        r"|advise|lend|host|teach|translate|proofread|intro|introduce|give (?:feedback|advice|away"
        r"|a (?:talk|workshop))|do (?:a |free |some )?(?:\w+ )?(?:calls?|reviews?|sessions?)|look (?:at"
        r"|over)|share (?:my|our) (?:desk|office|time|experience|template|contacts)|take (?:on )?(?:a few"
        r"|two|three|some)|sponsor|answer questions)(?:[^.!?]*?)(?:any ?one|any ?body|every ?one|founders"
        r"|teams|startups|people|folks|members|(?:two|three|four|five|a few|[0-9]+) (?:\w+ )?(?:decks?"
        r"|founders|teams|people|startups|pages?|calls|slots|apps)|in the group|here|newcomers|you all"
        r"|if you|dm|ping)",
        rf"{_BEGINS}(?:i|we) (?:can|could|will|'ll) {_ADV}(?:help|review|mentor|coach|advise|lend|host"
        r"|teach|translate|proofread|intro|introduce|look (?:at|over)|take|test|record|film|design|build"
        r"|fix|set up|give|do|share|sponsor|take photos)(?: [^.!?]*?)?(?: (?:any ?one|any ?body"
        r"|every ?one)(?: here| who| with)?| for (?:\w+ )?(?:founders|teams|startups|people"
        r"|members)(?: here)?| (?:two|three|four|five|a few|[0-9]+) (?:\w+ )?(?:decks|founders|teams"
        r"|startups|landing pages)| (?:dm|ping|message|text|write|pm) me)",
        rf"{_BEGINS}if (?:any(?:one|body)|some(?:one|body)|you)(?: here| guys| all)?(?:'s| is"
        r"| are)? (?:needs?|wants?|looking for|could use|is looking for|are looking for|fancies"
        r"|would like)\b[^.!?]*?,? (?:i|we|ping|dm|message|text|write|pm|let me know|shout|my|our|just"
        r"|reach|come|happy|hit)\b",
        rf"{_BEGINS}(?:does )?(?:any(?:one|body)|some(?:one|body)|who)(?: here| else)? (?:needs?|wants?"
        r"|want(?:s)? to have|could use|interested in (?:an?|some|free|my|our)) (?!help\b|to (?:talk|go"
        r"|join|come|have|grab|meet|play|share|bet)|coffee|lunch|beer|a (?:coffee|beer|lunch|drink|pizza"
        r"|laugh)|lunch|pizza|more (?:reasons|coffee)|this\b|that\b|it\b|me\b"
        rf"|sleep)(?:[\w'’-]+ ){{0,4}}?(?:{_THINGS}|{_ROLES}|{_SERVICES}|hours?|feedback|a review"
        r"|a second opinion)(?![\w-])",
        rf"{_BEGINS}(?:free|available|for sale|for rent|to rent|sublet|up for grabs|giveaway|to give away"
        rf"|offer(?:ing)?)[: -]+(?:{_DETERMINER} )?{_GAP}(?:{_THINGS}|mentoring|mentorship|consultations?"
        r"|office hours|sessions?|advice|reviews?|hours?)(?![\w-])",
        rf"(?:{_THINGS}|hours?|slots?|session|consultations?)\b[^.!?]*(?:\bup for grabs"
        r"|\bfree to (?:a good home|take|pick up|whoever)|\bto give away|\bfor sale\b|\bfree for (?:any"
        r"|every)(?:one|body)|\bfirst come,? first served|\bfree to (?:any|every)(?:one|body))",
        rf"{_BEGINS}(?:i|we|my \w+|our \w+) (?:do|does|run|runs|am doing|'m doing|are doing|'re doing"
        r"|is doing|give|gives|host|hosts|hold|holds) (?:an? |some |free |weekly |monthly |open )*(?:free "
        r"|pro bono |open )(?:[\w-]+ ){0,3}?(?:hours?|consultations?|reviews?|audits?|sessions?"
        r"|mentoring|office hours|teardowns?|calls)(?![\w-])",
        r"(?:two|three|four|five|six|[0-9]{1,2}|a few|one|some) (?:more )?(?:free |open |spare )?(?:desks?"
        r"|seats?|slots?|spots?|places) (?:left|free|available|open)\b[^.!?]*(?:office|coworking|desk"
        r"|lawyer|mentor|consult|review|hour|space|if any(?:one|body)|dm|ping|who wants|shall i)",
        # Chinese
        r"(?:^|[\s,:!。])(?:大家好|各位|我们?|现在|最近|目前|公司|团队|这边|项目|也|还|就|本人|手上|手头"
        r"|家里|办公室|仓库|律所|工厂|机构)*(?:可以?|能|愿意|免费|可免费|长期|对外|给大家)*(?:提供|可提供"
        r"|可对接|出租|转让|转租|出借|低价出|急出|闲置转|出售|招租|赠送|免费送|免费给|免费领|免费拿)(?!了"
        r"|的(?!免费)|过|不了|给客户|给用户|者)",
        r"(?:^|[\s,:!。])(?:大家好|各位|我们?|现在|最近|目前|公司|团队|这边|本人|手上|手头|家里|办公室"
        r"|仓库)*(?:还|正好|刚好)?(?:有|多|剩|空)(?:出|了|着|下)?[\u4e00-\u9fffa-z0-9 ]{0,12}?(?:闲置|多余"
        r"|空闲|空余|富余|剩余|空着|没用|空的|全新未拆)[\u4e00-\u9fffa-z0-9 ]{0,10}",
        r"(?:^|[\s,:!。])(?:我们?|公司|团队|这边|办公室|家里|手上|手头|上一批|仓库)?(?:还|多|空|剩)(?:有"
        r"|出|了|下"
        r"|着)(?:来)?(?:[一两二三四五六七八九十几0-9]+(?:多)?[个台张间套块箱把份])[\u4e00-\u9fffa-z0-9（）() ]{0,14}?(?:工位"
        r"|名额|显示器|开发板|传感器|电池|样机|样品|会议室|办公室|门票|票|椅|桌|位置|仓位|设备|屏"
        r"|板)[^?]{0,20}?(?:谁要|需要|可以|免费|给|送|出|转|联系|私|有兴趣|谁)",
        r"(?:有需要|需要|想要|感兴趣|用得上|有兴趣|要)的(?:朋友|同学|小伙伴|群友|老板|公司|团队|大佬|人"
        r"|可以|请|都可|随时)*(?:,|\s)*(?:可以|请|都可以|随时|直接|欢迎)?(?:私信|私聊|私我|找我|联系|滴滴"
        r"|@我|dm|加我|来拿|自取|来取|领|说一声|戳我|敲我|举手|报名给我|扣1)",
        r"(?:可以|能|愿意|免费)(?:帮|给|为)(?:大家|群友|各位|有需要的|创业者|早期团队|早期项目|新人"
        r"|初创)[\u4e00-\u9fff]{0,10}",
        r"(?:^|[\s,:!。])(?:我|我们|本人)(?:这边|现在|最近|目前)?(?:可以|能|愿意)(?:免费)?(?:帮(?:忙)?|做"
        r"|教|带|借|分享|介绍|对接|引荐|看|改|审|接)[^?]{0,24}(?:有需要|需要的|大家|群友|感兴趣|想要的"
        r"|私信|私聊|找我|免费|谁要|欢迎)",
        r"(?:^|[\s,:!。])(?:我们?(?:这边|公司|办公室|律师|家|团队)?|朋友)?[\u4e00-\u9fff0-9]{0,12}(?:有"
        r"|还有|还剩|空出)[^?]{0,20}(?:免费咨询|免费名额|免费工位|免费的|空位|名额|工位)[^?]{0,10}(?:谁要"
        r"|谁需要|有人要|要的|需要的|给大家|送)",
        r"(?:谁要|谁需要|有人要|有人需要)(?:的)?(?:话)?(?:吗)?(?:$|[,\s]*(?:私|免费|自取|送|我|可以|找))",
        r"(?:^|[\s,:!。])(?:出|转|转让|送|免费送)(?:一?[个台张间套块把份]"
        r"|[两二三四五几0-9]+[个台张间套块把份])(?:全新|闲置|二手|自用|九成新|99新|多余)?(?!(?:主意|馊主意"
        r"|好主意|题|难题|一口气))",
    )
)
# The whole message says something else.
WHOLE_NEVER = re.compile(
    r"^\s?>|^[\"“”'‘「『].*[\"“”'’」』]\s?[.!?]?$|\b(?:just kidding|jk|lol|lmao|haha|april fools)\b|😂|🤣"
    r"|哈哈|开玩笑|狗头|手动狗头|段子|\bas the saying goes\b"
    r"|\b(?:found (?:one|it|somebody|someone|him|her)|already (?:have|found|got|sorted|taken)|no longer"
    r"|not anymore|never ?mind|position (?:is )?filled|(?:is|are) gone now)\b|已经?找到|找到了|不用了"
    r"|已(?:出|转|送|租|借)(?!版|色)|已解决|招到了|名额已满|已经有了"
)
_ANYWHERE_NOT = (
    r"(?:don'?t|do not|doesn'?t|does not|didn'?t|did not|won'?t|wouldn'?t|never|no one|nobody|not|isn'?t"
    r"|aren'?t|no) (?:\w+ )?(?:need|needed|looking|want|require|hiring|offering|selling|seeking|searching)"
    r"|\b(?:needed|was looking|were looking|used to|wanted to|back (?:then|when)|last (?:year|month|week"
    r"|time)|(?:years?|months?|weeks?) ago|yesterday|once (?:needed|offered)|had been looking)\b"
    r"|\b(?:if|when|once|until|unless|before|because|since|after|whenever|why|how|what|which|whether"
    r"|should|do|did|would|will|can) (?:i|we) (?:ever |really |actually |even |also |still )?(?:need|look"
    r"|want|hire|offer|sell|start looking)"
    r"|\b(?:they|he|she|you|customers?|clients?|users|investors|people|everyone|everybody|nobody|most \w+"
    r"|startups|founders|companies|vcs|the market|the world) (?:all |really |also |always |often |just "
    r"|only |still |will |would |might |may )*(?:needs?|wants?|offers?|looks? for|are looking|is looking"
    r"|sells?)\b"
    r"|\b(?:said|says|saying|wrote|writes|told (?:me|us|him|her|them)|asked|tweeted|quote|according to"
    r"|claims?|claimed|imagine|wish|hypothetically|dream(?:ed|t)|joke|thought (?:we|i)|turns out|realised"
    r"|realized)\b"
)
_ZH_NOT = (
    r"不(?:需要|用找|找|招|缺|求|收|出售|提供|想要|再|打算)|没(?:找|招|有?必要|需要|提供)|别(?:找|招|求)"
    r"|无需|不必|曾经?|当时|以前|之前(?:我们?)?(?:找|招|需要|求|提供)|去年|上个?[周月]|昨[天晚]|那时|后来"
    r"|据说|听说|他说|她说|说过|客户(?:说|需要|想)"
    r"|他们(?:在|也|都|说|需要|想|有)|(?:他|她)(?:在|想|需要|说)|如果(?:我们?)?(?:需要|找|招)|要不要"
    r"|需不需要|是不是(?:需要|该)|该不该|怎么(?:找|招|求)|如何(?:找|招)|(?:去)?哪里?(?:招|找)|为什么"
    r"|什么时候|等我们?|等你|找工作的?人|找不到|很难(?:找|招)|招人难|找到|梦到"
)
# A sentence that says it of others, of another time, or not.
SENTENCE_NEVER = re.compile(rf"{_ANYWHERE_NOT}|{_ZH_NOT}")
# What is wanted in small talk, right behind the words.
NEVER = re.compile(r"(?!)")
