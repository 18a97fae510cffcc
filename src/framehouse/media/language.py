"""Language codes of containers (ISO 639-2, both the bibliographic and the terminological form) as BCP 47 tags.

Containers write three letters, players and APIs want the shortest form (RFC 5646 section 2.2.1). What people write
is checked here as well; the names they read are in `language_names`.
"""

import re

from framehouse.kernel.errors import InvalidInput
from framehouse.media.language_names import ENGLISH_NAMES

_PAIRS = (
    "aar=aa abk=ab afr=af aka=ak alb=sq sqi=sq amh=am ara=ar arg=an arm=hy hye=hy asm=as ava=av aym=ay aze=az "
    "bak=ba bam=bm baq=eu eus=eu bel=be ben=bn bis=bi bos=bs bre=br bul=bg bur=my mya=my cat=ca cha=ch che=ce "
    "chi=zh zho=zh chv=cv cor=kw cos=co cre=cr cze=cs ces=cs dan=da div=dv dut=nl nld=nl dzo=dz eng=en epo=eo "
    "est=et ewe=ee fao=fo fij=fj fin=fi fre=fr fra=fr fry=fy ful=ff geo=ka kat=ka ger=de deu=de gla=gd gle=ga "
    "glg=gl glv=gv gre=el ell=el grn=gn guj=gu hat=ht hau=ha heb=he her=hz hin=hi hmo=ho hrv=hr hun=hu ibo=ig "
    "ice=is isl=is ido=io iii=ii iku=iu ile=ie ina=ia ind=id ipk=ik ita=it jav=jv jpn=ja kal=kl kan=kn kas=ks "
    "kau=kr kaz=kk khm=km kik=ki kin=rw kir=ky kom=kv kon=kg kor=ko kua=kj kur=ku lao=lo lat=la lav=lv lim=li "
    "lin=ln lit=lt ltz=lb lub=lu lug=lg mac=mk mkd=mk mah=mh mal=ml mao=mi mri=mi mar=mr may=ms msa=ms mlg=mg "
    "mlt=mt mon=mn nau=na nav=nv nbl=nr nde=nd ndo=ng nep=ne nno=nn nob=nb nor=no nya=ny oci=oc oji=oj ori=or "
    "orm=om oss=os pan=pa per=fa fas=fa pli=pi pol=pl por=pt pus=ps que=qu roh=rm rum=ro ron=ro run=rn rus=ru "
    "sag=sg san=sa sin=si slo=sk slk=sk slv=sl sme=se smo=sm sna=sn snd=sd som=so sot=st spa=es srd=sc srp=sr "
    "ssw=ss sun=su swa=sw swe=sv tah=ty tam=ta tat=tt tel=te tgk=tg tgl=tl tha=th tib=bo bod=bo tir=ti ton=to "
    "tsn=tn tso=ts tuk=tk tur=tr twi=tw uig=ug ukr=uk urd=ur uzb=uz ven=ve vie=vi vol=vo wel=cy cym=cy wln=wa "
    "wol=wo xho=xh yid=yi yor=yo zha=za zul=zu"
)
_TWO_LETTERS: dict[str, str] = {pair[:3]: pair[4:] for pair in _PAIRS.split()}
# Where a language has two codes the terminological one stands last above, and MP4 wants that one.
_THREE_LETTERS = {short: code for code, short in _TWO_LETTERS.items()}
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
UNDETERMINED = "und"
TAG_LENGTH_MAX = 35  # RFC 5646 section 4.4.1
# Two-letter codes that containers never use, besides those above; and those that others took the place of.
_MORE_TWO_LETTERS = frozenset({"ae", "cu", "sh"})
_REPLACED = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro"}
# RFC 5646 section 2.1 without private tags: language, script, region, and what may come after.
_WELL_FORMED = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<extended>(?:-[a-z]{3}){0,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<rest>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?)",
    re.ASCII,
)


def to_bcp47(code: str | None) -> str:
    """The shortest tag for a container's code; `und` for none, for a malformed one and for the reserved ones."""
    text = (code or "").strip().replace("_", "-")
    if not _TAG.match(text):
        return UNDETERMINED
    primary, _, rest = text.partition("-")
    primary = primary.lower()
    if primary in {"und", "mis", "zxx", "mul"}:
        return UNDETERMINED
    short = _TWO_LETTERS.get(primary, primary)
    return f"{short}-{rest}" if rest else short


def to_iso639_2(tag: str) -> str:
    """Three letters for an MP4's `mdhd` (ISO/IEC 14496-12 section 8.4.2); `und` for what has none."""
    primary = tag.partition("-")[0].lower()
    return _THREE_LETTERS.get(primary, primary if len(primary) == 3 else UNDETERMINED)


def language_tag(text: str) -> str:
    """The canonical tag (RFC 5646 section 4.5, without the registry's subtags) for a tag, a container's code or the
    English name of a language. Raises InvalidInput for anything else, and for two letters that are no language's.
    """
    given = text.strip().replace("_", "-").lower()
    found = _WELL_FORMED.fullmatch(ENGLISH_NAMES.get(given, given))
    if found is None or len(given) > TAG_LENGTH_MAX:
        raise _no_language(text)
    language = _TWO_LETTERS.get(found["language"], found["language"])
    language = _REPLACED.get(language, language)
    if len(language) == 2 and language not in _THREE_LETTERS and language not in _MORE_TWO_LETTERS:
        raise _no_language(text)
    script, region = found["script"], found["region"]
    return "".join(
        (
            language,
            found["extended"],
            f"-{script.title()}" if script else "",
            f"-{region.upper()}" if region else "",
            found["rest"],
        )
    )


def _no_language(text: str) -> InvalidInput:
    problem = f"{text[:50]!r} is no language; write a tag such as en, de or pt-BR, or its English name"
    return InvalidInput(problem, fields={"language": "is unknown"})
