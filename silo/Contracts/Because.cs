using System.Text.Json.Serialization;

namespace TrustMesh.Contracts;

/// <summary>One line of a because list. <paramref name="Outcome"/>: pass, fail, warn, not-compared, no-policy, no-answer.</summary>
/// <param name="Since">
/// Of a device's verdict, in a line that did not pass: since when its claim has not, as its timeline tells; null where that does not go back so far, and in every
/// other list.
/// </param>
public sealed record Because(
    string Check, string Claim, string Expected, string Got, string Rule, string Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Since = null);
