namespace TrustMesh.Contracts.Queries;

/// <summary>
/// What a query can ask of a device: exactly what a line of the list and a node of the graph both carry, so that whoever asks, and of what, gets the same answer.
/// </summary>
/// <param name="Look">At the moment of asking; see <see cref="Looks"/>.</param>
/// <param name="Since">Since when it is judged as it is; null before the first verdict.</param>
/// <param name="Firmware">16 hexadecimal digits as a TPM reports them; null without a TPM or a proof.</param>
/// <param name="Agent">Name and version of the device's runtime; null before the first proof.</param>
/// <param name="Policy">Number of the policy it was judged by last.</param>
/// <param name="Tags">Null or empty where it has none.</param>
public readonly record struct DeviceFacts(
    string Id, string Name, string Site, string Model, string Tier, string Standing, string Look,
    DateTimeOffset? ProvenAt, DateTimeOffset? ExpiresAt, DateTimeOffset? Since, DateTimeOffset? EnrolledAt,
    string? Firmware, string? Agent, long? Policy, IReadOnlyList<string>? Tags = null)
{
    public static DeviceFacts Of(GraphNode node) => new(
        node.Id, node.Name, node.Site, node.Model, node.Tier, node.Standing, node.Look, node.ProvenAt, node.ExpiresAt, node.Since, node.EnrolledAt,
        node.Firmware, node.Agent, node.Policy, node.Tags);

    public static DeviceFacts Of(DeviceSummary device) => new(
        device.Id, device.Name, device.Site, device.Model, device.Tier, device.Standing, device.Look, device.ProvenAt, device.ExpiresAt, device.Since, device.EnrolledAt,
        device.Firmware, device.Agent, device.Policy, device.Tags);
}
