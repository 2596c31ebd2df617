namespace TrustMesh.Contracts;

/// <summary>A value that active devices of a model report and its reference values do not accept.</summary>
/// <param name="Name">Of a file or event; of a register <c>PCR 7</c>.</param>
/// <param name="Digest">Hex SHA-256, or "absent".</param>
/// <param name="Accepted">Hex digests that are accepted.</param>
/// <param name="SeenOn">Active devices that report it.</param>
/// <param name="Of">Active devices of the model that measure the name.</param>
/// <param name="Rare">As in <see cref="Measurement"/>.</param>
/// <param name="Device">One of them, and <paramref name="DeviceName"/>: what it measured can be learned.</param>
/// <param name="Pcr">The register's number; null where it is none.</param>
public sealed record OutlierView(
    string Model, string Name, string Digest, IReadOnlyList<string> Accepted, int SeenOn, int Of, bool Rare, DateTimeOffset? FirstSeen, string Device, string DeviceName, int? Pcr = null);
