namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>What happens to the silos, in order, without an end: the same for the same seed. Each round has every kind, with more of plain kills.</summary>
internal static class ChaosSchedule
{
    private static readonly IncidentKind[] Round =
    [
        IncidentKind.Kill, IncidentKind.Kill, IncidentKind.KillTwo, IncidentKind.Leave, IncidentKind.Pause, IncidentKind.Freeze, IncidentKind.KillAll,
    ];

    public static IEnumerable<Incident> Of(Random random, int silos)
    {
        while (true)
        {
            var kinds = Round.ToArray();
            random.Shuffle(kinds);
            foreach (var kind in kinds) yield return Make(kind, random, silos);
        }
    }

    private static Incident Make(IncidentKind kind, Random random, int silos)
    {
        var whom = Enumerable.Range(0, silos).ToArray();
        random.Shuffle(whom);
        var count = kind switch { IncidentKind.KillTwo => 2, IncidentKind.KillAll => silos, _ => 1 };
        var (least, most) = kind switch
        {
            // A silo is given up after three times two seconds.
            IncidentKind.Pause => (1.0, 3.0),
            IncidentKind.Freeze => (12.0, 18.0),
            IncidentKind.KillAll => (0.5, 1.5),
            _ => (0.5, 6.0),
        };
        return new(kind, Seconds(random, 0.5, 3), whom[..count], Seconds(random, 0, 1.5), Seconds(random, least, most));
    }

    private static TimeSpan Seconds(Random random, double least, double most) => TimeSpan.FromSeconds(least + random.NextDouble() * (most - least));
}
