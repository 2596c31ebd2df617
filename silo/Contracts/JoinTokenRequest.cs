using System.Text.Json.Serialization;

namespace TrustMesh.Contracts;

/// <param name="Uses">1..100,000.</param>
/// <param name="TtlSeconds">60..31,536,000.</param>
/// <param name="AutoApprove">Devices that join with it are active at once; otherwise an operator approves each.</param>
/// <param name="Site">Overrides what the device says, if given. Likewise <paramref name="Model"/>.</param>
/// <param name="Tags">Given to devices that join with it for the first time, as in <see cref="DeviceTags"/>. Left out without any: a silo of before knows no such member.</param>
public sealed record JoinTokenRequest(int Uses, int TtlSeconds, bool AutoApprove, string? Site = null, string? Model = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Tags = null);
