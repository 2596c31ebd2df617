using System.Text.Json.Serialization;

namespace TrustMesh.Contracts;

/// <summary>What one device last said about another.</summary>
/// <param name="Tier">The subject's: software, hardware-key, tpm-quote, guardian.</param>
/// <param name="Policy">Id of the policy the issuer judged by.</param>
/// <param name="RevocationSerial">Serial of the status list the issuer had.</param>
/// <param name="NonceAgeMs">From the issuer's nonce to the subject's evidence.</param>
/// <param name="Passed">Checks that passed.</param>
/// <param name="Because">Findings that did not pass.</param>
/// <param name="Rounds">Newest first, at most 20.</param>
/// <param name="Doubted">The issuer's verdicts keep contradicting those of others; they move nothing.</param>
/// <param name="Since">Since when it says of the other what it says now, however often it has examined it since.</param>
public sealed record EdgeSide(
    string From, string FromName, string To, string ToName, string Status, string Tier, bool Fresh, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt,
    string Policy, long PolicyVersion, long ReferenceVersion, long RevocationSerial, long NonceAgeMs, int Passed, IReadOnlyList<Because> Because,
    IReadOnlyList<EdgeRound> Rounds, bool Doubted, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Since = null);
