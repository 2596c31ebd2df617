using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// That the root of a device vouched for a session key, once: which challenge the evidence answered, when, and what it says of the device's
/// files is of no matter here, and not looked at. PROTOCOL.md section 13.1.
/// </summary>
internal static class VoucherCheck
{
    public const int StepCount = 6;

    private static readonly Check Format = new("voucher.format", "voucher", "one evidence in deterministic CBOR, with an empty log", "PROTOCOL.md 5 and 13.1");
    private static readonly Check Kind = new("voucher.kind", "voucher", "the form of the root that was enrolled", "PROTOCOL.md 5");
    private static readonly Check Issuer = new("voucher.issuer", "ueid", "the device that uploads", "PROTOCOL.md 13.1");
    private static readonly Check SessionKey = new("voucher.session-key", "cnf", "the thumbprint of the P-256 key beside it", "RFC 9679; PROTOCOL.md 17");
    private static readonly Check Binding = new("voucher.binding", "extra data", "these claims and their challenge, made by the root itself", "PROTOCOL.md 4; TPM 2.0 part 2, 10.12.12");
    private static readonly Check Signature = new("voucher.signature", "signature", "made by the key that was enrolled", "PROTOCOL.md 5");

    // One leaf has its own role; a batch may have the role of all its leaves, or of several.
    private static readonly AttesterRole[] Roles = [AttesterRole.TlsClient, AttesterRole.TlsServer, AttesterRole.Batch];

    public static AttestationKey? Run(Voucher voucher, EnrolledDevice issuer, FindingList findings)
    {
        Evidence evidence;
        Claims claims;
        AttestationKey key;
        TpmAttest? attest = null;
        TpmSignature? signed = null;
        try
        {
            evidence = Evidence.Decode(voucher.Evidence);
            claims = Claims.Decode(evidence.ClaimsBytes);
            key = AttestationKey.FromSubjectPublicKeyInfo(voucher.SessionKey);
            if (evidence.Quote is { } quote) (attest, signed) = (TpmAttest.Decode(quote.Attest), TpmSignature.Decode(quote.Signature, issuer.Key.FieldSize));
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
            return null;
        }
        findings.Require(Format, evidence.Log.Entries.Count == 0, $"a log of {evidence.Log.Entries.Count} entries");
        var quoted = issuer.Tier == AssuranceTier.TpmQuote;
        findings.Require(Kind, quoted == attest is not null, attest is null ? "signed claims" : "a TPM quote");
        if (claims.Device == issuer.Device) findings.Pass(Issuer);
        else findings.Add(Issuer.Failed(issuer.Device.Text, claims.Device.Text));
        // Only a P-256 key has a thumbprint; nothing else is equal to 32 bytes.
        if (CryptographicOperations.FixedTimeEquals(key.Thumbprint.Span, claims.SessionKeyThumbprint.Span)) findings.Pass(SessionKey);
        else findings.Add(SessionKey.Failed(Words.Hex(key.Thumbprint.Span), Words.Hex(claims.SessionKeyThumbprint.Span)));
        if (attest is not null && signed is not null) CheckQuote(evidence, claims, attest, signed, issuer, findings);
        else CheckToken(evidence, claims, issuer, findings);
        return key;
    }

    private static void CheckQuote(Evidence evidence, Claims claims, TpmAttest attest, TpmSignature signed, EnrolledDevice issuer, FindingList findings)
    {
        // Anybody may write a structure with such extraData; only what the TPM made itself, as a quote, says what a quote says (A03, A04).
        var covers = attest.Magic == TpmAttest.Generated && attest.Type == TpmAttest.Quote
            && Array.Exists(Roles, role => CryptographicOperations.FixedTimeEquals(attest.ExtraData.Span, ChallengeLeaf.QuoteExtraData(role, claims.Challenge.Span, evidence.ClaimsBytes.Span)));
        findings.Require(Binding, covers, $"magic {attest.Magic:x8}, type {attest.Type:x4}, extraData {Words.Hex(attest.ExtraData.Span)}");
        findings.Require(Signature, issuer.Key.Verify(evidence.Quote!.Attest.Span, signed), "a signature that this key did not make over this structure");
    }

    private static void CheckToken(Evidence evidence, Claims claims, EnrolledDevice issuer, FindingList findings)
    {
        var extra = claims.ExtraData is { } sent ? sent : default;
        var covers = Array.Exists(Roles, role => CryptographicOperations.FixedTimeEquals(extra.Span, ChallengeLeaf.TokenExtraData(role, claims.Challenge.Span)));
        findings.Require(Binding, covers, extra.IsEmpty ? "nothing" : Words.Hex(extra.Span));
        // Evidence.Decode took the claims out of this very statement, so what was signed is what is used (A39).
        findings.Require(Signature, evidence.Token is { } token && issuer.Key.Verify(CoseSign1.Decode(token)), "a signature that this key did not make over these claims");
    }
}
