using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>Where the picture of a blast radius draws what: those that go on the left, those that lose them on the right, a line for each word that is lost.</summary>
/// <param name="Gone">Devices that go and that somebody loses, with the middle of their line in pixels from the top.</param>
/// <param name="Hits">The worst first.</param>
/// <param name="Lines">From a height on the left to one on the right.</param>
/// <param name="Height">Pixels of the whole.</param>
/// <param name="Left">Out of how many hits the picture shows these.</param>
public sealed record BlastPicture(
    IReadOnlyList<(PlannedDevice Device, int Y)> Gone, IReadOnlyList<(PlanHit Hit, int Y)> Hits, IReadOnlyList<(string Loss, int From, int To)> Lines, int Height, int Left)
{
    /// <summary>Devices the picture has at most.</summary>
    public const int MostNodes = 300;

    /// <summary>Pixels of a line.</summary>
    public const int Row = 26;

    public static BlastPicture Of(RevocationPlan plan)
    {
        var planned = plan.Devices.ToDictionary(device => device.Id);
        var (gone, hits, total) = (new Dictionary<string, int>(), new List<(PlanHit Hit, int Y)>(), plan.Alone + plan.BelowPromise + plan.BelowQuorum);
        foreach (var hit in plan.Hits)
        {
            var fresh = hit.By.Where(id => planned.ContainsKey(id) && !gone.ContainsKey(id)).ToList();
            if (gone.Count + hits.Count + fresh.Count + 1 > MostNodes)
                break;
            // In the order in which they are needed, so that lines mostly go across.
            foreach (var id in fresh)
                gone.Add(id, Middle(gone.Count));
            hits.Add((hit, Middle(hits.Count)));
        }
        return new(
            [.. gone.Select(pair => (planned[pair.Key], pair.Value))], hits,
            [.. hits.SelectMany(one => one.Hit.By.Where(gone.ContainsKey).Select(id => (one.Hit.Loss, gone[id], one.Y)))], Math.Max(gone.Count, hits.Count) * Row, total);
    }

    private static int Middle(int at) => (at * Row) + (Row / 2);
}
