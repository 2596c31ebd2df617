namespace TrustMesh.Contracts;

/// <summary>How devices looked in a stretch of the past, as the mesh's log tells it.</summary>
/// <param name="Begins">The earliest instant that can be told of; null while the log is empty.</param>
/// <param name="To">Up to where <paramref name="Changes"/> tell everything: earlier than asked where there are more than fit, and the rest is asked for from here.</param>
/// <param name="Devices">All there were until the end of what was asked for.</param>
/// <param name="More">There are changes after <paramref name="To"/> that were asked for and did not fit.</param>
/// <param name="Changes">After <paramref name="From"/>, in the order of time.</param>
/// <param name="Tags">Changes of tags, likewise: nobody looks different for them. Null where there are none, and at silos of before.</param>
public sealed record HistoryView(
    DateTimeOffset From, DateTimeOffset To, DateTimeOffset? Begins, IReadOnlyList<PastDevice> Devices, IReadOnlyList<PastChange> Changes, bool More = false, IReadOnlyList<PastTags>? Tags = null)
{
    /// <summary>This stretch and the one that goes on where it ends, as one.</summary>
    public HistoryView With(HistoryView next)
    {
        var known = Devices.Select(device => device.Id).ToHashSet();
        // What joined only later has no look at the beginning.
        var joined = next.Devices.Where(device => !known.Contains(device.Id)).Select(device => device with { Look = null, Since = null });
        return this with { To = next.To, More = next.More, Devices = [.. Devices, .. joined], Changes = [.. Changes, .. next.Changes], Tags = [.. Tags ?? [], .. next.Tags ?? []] };
    }
}
