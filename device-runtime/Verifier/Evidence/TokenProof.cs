using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>Evidence of a root without quotes: the identity key signs the claims, with extra data and log head in them. PROTOCOL.md 5.</summary>
internal static class TokenProof
{
    public const int StepCount = 4;

    private static readonly Check Format = new("token.format", "EAT", "one COSE_Sign1 over the claims, typ application/eat+cwt", "RFC 9052; PROTOCOL.md 1");
    private static readonly Check Signature = new("token.signature", "signature", "made by the identity key, ES256", "RFC 9052 4.4");
    private static readonly Check Nonce = new("token.nonce", "extra data", "the digest of our challenge", "PROTOCOL.md 5");
    private static readonly Check Head = new("token.log-head", "measurement log head", "signed with the claims", "PROTOCOL.md 5");

    public static SignedState? Run(Evidence evidence, Claims claims, AttesterRole role, AttestationKey key, FindingList findings)
    {
        if (evidence.Token is not { } token) return null;
        CoseSign1 statement;
        try
        {
            statement = CoseSign1.Decode(token);
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
            return null;
        }
        // Only what was signed is used (A39).
        findings.Require(Format, statement.Typ == Wire.Messages.Evidence.TokenTyp && statement.Payload.Span.SequenceEqual(evidence.ClaimsBytes.Span), statement.Typ ?? "no typ");
        findings.Require(Signature, key.Verify(statement), "a signature that this key did not make over these claims");

        var extra = claims.ExtraData is { } sent ? sent.Span : [];
        var good = CryptographicOperations.FixedTimeEquals(extra, ChallengeLeaf.TokenExtraData(role, claims.Challenge.Span));
        if (evidence.Proof.Size > 1) good |= CryptographicOperations.FixedTimeEquals(extra, ChallengeLeaf.TokenExtraData(AttesterRole.Batch, claims.Challenge.Span));
        findings.Require(Nonce, good, extra.IsEmpty ? "nothing" : Words.Hex(extra));
        if (claims.LogHead is not { } head)
        {
            findings.Add(Head.Failed("nothing"));
            return null;
        }
        findings.Pass(Head);
        return new(claims.BootCount, 0, 0, true, 0, head.Head, head.Count, []);
    }
}
