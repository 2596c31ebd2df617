using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Roots;

/// <summary>Evidence of a root without quotes: the claims with extra data and log head, as a CWT signed by the identity key (PROTOCOL.md section 5).</summary>
internal static class TokenEvidence
{
    /// <param name="thumbprint">Of the identity key, RFC 9679.</param>
    /// <param name="sign">ES256 over these bytes by the identity key, r ‖ s.</param>
    internal static Evidence Make(EvidenceDraft draft, LogHead head, ReadOnlyMemory<byte> thumbprint, Func<byte[], byte[]> sign)
    {
        var claims = (draft.Claims with { ExtraData = ChallengeLeaf.TokenExtraData(draft.Role, draft.Claims.Challenge.Span), LogHead = head }).Encode();
        var statement = CoseSign1.Prepare(claims, thumbprint, Evidence.TokenTyp);
        return new(claims, statement.Complete(sign(statement.ToBeSigned.ToArray())), null, draft.Proof, draft.Log);
    }
}
