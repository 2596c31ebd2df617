using System.Text.Json.Serialization;

namespace TrustMesh.Contracts;

/// <summary>Take a device's current, verified measurements as known-good for its model. Admin.</summary>
/// <param name="Pcrs">Registers (PCRs) of its TPM to take too, each once; none unless they are named, as some hold what is the device's own. Left out without any: a silo of before knows no such member.</param>
public sealed record LearnRequest(string Device, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Pcrs = null);
