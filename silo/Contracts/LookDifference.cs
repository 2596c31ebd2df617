namespace TrustMesh.Contracts;

/// <summary>A device that looks different at the end of a stretch of the past than at its beginning.</summary>
/// <param name="Before">Null: it joined in between.</param>
/// <param name="Last">The line of the log after which it looked as at the end.</param>
/// <param name="Changes">How often it looked different in between.</param>
public sealed record LookDifference(PastDevice Device, string? Before, PastChange Last, int Changes)
{
    public string After => Last.Look;

    /// <summary>What the end of a stretch has that its beginning had not, the newest change first. Who came and went back to what it was is not told.</summary>
    public static IReadOnlyList<LookDifference> Of(HistoryView past)
    {
        var changes = past.Changes.GroupBy(change => change.Device).ToDictionary(one => one.Key, one => one.ToList());
        return [.. past.Devices.Where(device => changes.TryGetValue(device.Id, out var own) && own[^1].Look != device.Look)
            .Select(device => new LookDifference(device, device.Look, changes[device.Id][^1], changes[device.Id].Count))
            .OrderByDescending(one => one.Last.At).ThenBy(one => one.Device.Name, StringComparer.Ordinal)];
    }
}
