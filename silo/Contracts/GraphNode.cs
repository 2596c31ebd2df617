using System.Text.Json.Serialization;

namespace TrustMesh.Contracts;

/// <param name="Kind">silo or device.</param>
/// <param name="Since">As in <see cref="DeviceSummary"/>, likewise the rest; left out where there is none.</param>
public sealed record GraphNode(
    string Id, string Name, string Kind, string Site, string Model, string Tier, string Standing, string Status, bool Fresh, string Look,
    DateTimeOffset? ProvenAt, DateTimeOffset? ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Since = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? EnrolledAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Firmware = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Agent = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Policy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Tags = null);
