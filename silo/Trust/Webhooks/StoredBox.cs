namespace TrustMesh.Trust.Webhooks;

/// <summary>What a webhook was told and what it is still to be told, in one row, so that both are kept by one compare-and-swap; the oldest first.</summary>
internal sealed record StoredBox(IReadOnlyList<StoredDelivery> Deliveries)
{
    /// <summary>Deliveries that are kept, and of these the most that may wait (attack A42).</summary>
    internal const int Most = 200, MostWaiting = 100;

    internal static StoredBox Empty { get; } = new([]);

    internal IEnumerable<StoredDelivery> Waiting => Deliveries.Where(one => one.IsWaiting);

    /// <summary>With one more. Where too many wait, the one that has waited longest is dropped: what happened last says most about how things are. One that is there already changes nothing.</summary>
    internal StoredBox With(StoredDelivery delivery)
    {
        if (Deliveries.Any(one => one.Id == delivery.Id)) return this;
        List<StoredDelivery> all = [.. Deliveries, delivery];
        if (all.Count(one => one.IsWaiting) > MostWaiting)
        {
            var longest = all.FindIndex(one => one.IsWaiting);
            all[longest] = all[longest] with { State = StoredDelivery.Dropped, NextAt = null };
        }
        if (all.Count > Most) all.RemoveAt(all.FindIndex(one => !one.IsWaiting));
        return new(all);
    }

    internal StoredBox Replace(string id, Func<StoredDelivery, StoredDelivery> change) => new([.. Deliveries.Select(one => one.Id == id ? change(one) : one)]);
}
