namespace TrustMesh.Contracts;

/// <summary>One device in a list. Times are UTC.</summary>
/// <param name="Id">UEID text, 53 characters.</param>
/// <param name="Tier">software, hardware-key, tpm-quote, guardian.</param>
/// <param name="Standing">pending, active, suspended, revoked.</param>
/// <param name="Status">affirming, warning, contraindicated, none.</param>
/// <param name="Look">See <see cref="Looks"/>.</param>
/// <param name="ProvenAt">When the last verdict was issued; null if never.</param>
/// <param name="ExpiresAt">When that verdict stops counting.</param>
/// <param name="Version">Of the twin; send it back as If-Match.</param>
/// <param name="Since">Since when it is judged as it is; null before the first verdict.</param>
/// <param name="Firmware">Of its TPM, 16 hexadecimal digits; null without one or before the first proof.</param>
/// <param name="Agent">Name and version of its runtime, from its last proof.</param>
/// <param name="Policy">Number of the policy it was judged by last.</param>
/// <param name="Tags">In alphabetical order; null where it has none.</param>
public sealed record DeviceSummary(
    string Id, string Name, string Site, string Model, string Tier, string Standing, string Status, bool Fresh, string Look,
    DateTimeOffset? ProvenAt, DateTimeOffset? ExpiresAt, DateTimeOffset EnrolledAt, long Version,
    DateTimeOffset? Since = null, string? Firmware = null, string? Agent = null, long? Policy = null, IReadOnlyList<string>? Tags = null);
