namespace TrustMesh.Contracts;

/// <summary>A measured name and what it is on this device.</summary>
/// <param name="Digest">Hex SHA-256, or "absent".</param>
/// <param name="Outcome">Whether reference values accept it: pass, fail, not-compared.</param>
/// <param name="Expected">Hex digests that do; null where there is no reference value of the name.</param>
/// <param name="FirstSeen">When any device of the model first reported this value, as far as is known.</param>
/// <param name="SeenOn">Active devices of the model that report this value; null where it is not counted.</param>
/// <param name="Of">Active devices of the model that measure the name; null where that is not counted.</param>
/// <param name="Rare">At most one in twenty of four or more has it, or nobody else, where a quarter agrees on another: where each has its own, none is rare.</param>
public sealed record Measurement(
    string Name, string Digest, string Outcome, IReadOnlyList<string>? Expected = null, DateTimeOffset? FirstSeen = null, int? SeenOn = null, int? Of = null, bool Rare = false);
