using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Wire.Messages;

/// <summary>
/// Evidence as it arrived: a CMW collection, parsed and not verified. Anyone can make one; only the verifier turns it into
/// VerifiedEvidence. PROTOCOL.md section 5.
/// </summary>
/// <param name="ClaimsBytes">The claims map exactly as it was hashed or signed; not yet read.</param>
/// <param name="Token">The COSE_Sign1 around the claims for a root without quotes, else null.</param>
/// <param name="Quote">Present for a TPM, else null.</param>
public sealed record Evidence(
    ReadOnlyMemory<byte> ClaimsBytes,
    ReadOnlyMemory<byte>? Token,
    QuoteEvidence? Quote,
    InclusionProof Proof,
    LogTail Log)
{
    public const string Profile = "tag:trustmesh.example,2026:evidence#1";

    /// <summary>Protected typ (16) of the token of a root without quotes.</summary>
    public const string TokenTyp = "application/eat+cwt";

    private const string UnsignedClaims = "application/eat-ucs+cbor", LogType = "application/vnd.trustmesh.log+cbor",
        ProofType = "application/vnd.trustmesh.proof+cbor", QuoteType = "application/vnd.trustmesh.quote+cbor";

    /// <summary>CMW indicator bit 2: the record holds evidence.</summary>
    private const int EvidenceIndicator = 4;

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        if (Quote is null == Token is null) throw new ArgumentException("Evidence has either a quote or a token.");
        var writer = new StrictCborWriter(new byte[2048]);
        writer.WriteMap(Quote is null ? 4 : 5);
        if (Token is { } token) WriteRecord(ref writer, "eat", TokenTyp, token.Span, Caps.Claims);
        else WriteRecord(ref writer, "eat", UnsignedClaims, ClaimsBytes.Span, Caps.Claims);
        WriteRecord(ref writer, "log", LogType, Log.Encode(), Caps.Evidence);
        WriteRecord(ref writer, "proof", ProofType, Proof.Encode(), Caps.Body);
        if (Quote is not null) WriteRecord(ref writer, "quote", QuoteType, Quote.Encode(), Caps.Body);
        writer.WriteKey("__cmwc_t");
        writer.WriteText("profile", Profile);
        return writer.ToArray("evidence", Caps.Evidence);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static Evidence Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "evidence", Caps.Evidence);
        var map = reader.ReadMap("evidence", 5);
        reader.Key(ref map, "eat", "eat");
        var (claims, token) = ReadClaims(ref reader, withQuote: map.Left == 4);
        reader.Key(ref map, "log", "log");
        var record = ReadRecord(ref reader, "log", LogType, Caps.Evidence);
        var log = LogTail.Read(ref record);
        reader.Key(ref map, "proof", "proof");
        record = ReadRecord(ref reader, "proof", ProofType, Caps.Body);
        var proof = InclusionProof.Read(ref record);
        QuoteEvidence? quote = null;
        if (token is null)
        {
            reader.Key(ref map, "quote", "quote");
            record = ReadRecord(ref reader, "quote", QuoteType, Caps.Body);
            quote = QuoteEvidence.Read(ref record);
        }
        reader.Key(ref map, "__cmwc_t", "profile");
        reader.ReadFixed("profile", Profile);
        reader.EndMap(ref map);
        reader.End("evidence");
        return new(claims, token, quote, proof, log);
    }

    private static (ReadOnlyMemory<byte> Claims, ReadOnlyMemory<byte>? Token) ReadClaims(ref StrictCborReader reader, bool withQuote)
    {
        reader.ReadArray("eat", 3);
        reader.ReadFixed("eat type", withQuote ? UnsignedClaims : TokenTyp);
        var start = reader.Offset;
        var value = reader.ReadBytes("eat", 1, Caps.Claims);
        reader.ReadInt32("eat indicator", EvidenceIndicator, EvidenceIndicator);
        if (withQuote) return (value, null);
        var token = CoseSign1.Decode(value);
        return token.Typ == TokenTyp ? (token.Payload, value) : throw new WireException("eat", start, $"typ is not {TokenTyp}");
    }

    private static void WriteRecord(ref StrictCborWriter writer, string label, string type, ReadOnlySpan<byte> value, int max)
    {
        writer.WriteKey(label);
        writer.WriteArray(3);
        writer.WriteText("type", type);
        writer.WriteBytes(label, value, 1, max);
        writer.WriteInt64("indicator", EvidenceIndicator);
    }

    private static StrictCborReader ReadRecord(ref StrictCborReader reader, string label, string type, int max)
    {
        reader.ReadArray(label, 3);
        reader.ReadFixed("type", type);
        var content = reader.ReadNested(label, max);
        reader.ReadInt32("indicator", EvidenceIndicator, EvidenceIndicator);
        return content;
    }
}
