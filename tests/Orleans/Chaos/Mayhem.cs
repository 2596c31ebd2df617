using System.Diagnostics;
using System.Text.RegularExpressions;
using TrustMesh.Contracts;
using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>Does to the silos what the schedule says, one incident after the other, until the time is over; then all of them are up.</summary>
internal sealed partial class Mayhem(ChaosWorld world, IEnumerable<Incident> schedule, Action<string> say)
{
    /// <summary>In which a silo that was given up has to notice it after it goes on.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(30), GivenUp = TimeSpan.FromSeconds(45), StartWithin = TimeSpan.FromMinutes(4);

    /// <summary>As it says of itself that it was given up.</summary>
    private const int PutOut = 3;

    private readonly long started = Stopwatch.GetTimestamp();

    public async Task RunAsync()
    {
        foreach (var incident in schedule)
        {
            if (Stopwatch.GetElapsedTime(started) > world.Settings.Duration) break;
            await Task.Delay(incident.Gap);
            Say($"{incident}");
            world.Count($"incidents {incident.Kind}");
            await RunAsync(incident);
        }
        foreach (var silo in world.Mesh.Silos) Hear(silo);
    }

    private async Task RunAsync(Incident incident)
    {
        foreach (var silo in incident.Silos)
        {
            if (silo != incident.Silos[0]) await Task.Delay(incident.Apart);
            await GoAsync(incident.Kind, world.Mesh[silo]);
        }
        await Task.Delay(incident.Down);
        if (incident.Kind == IncidentKind.Freeze) await GivenUpAsync(incident.Silos[0]);
        // They come back one after the other, and do not wait for each other.
        await Task.WhenAll(incident.Silos.Select(async (silo, place) =>
        {
            await Task.Delay(incident.Apart * place);
            await ReturnAsync(incident.Kind, silo);
        }));
    }

    /// <summary>Ends when the others say that the silo is dead: how long that takes depends on what else this machine does.</summary>
    private async Task GivenUpAsync(int number)
    {
        var since = Stopwatch.GetTimestamp();
        var other = (number + 1) % world.Mesh.Silos.Count;
        while (Stopwatch.GetElapsedTime(since) < GivenUp)
        {
            if (await world.TryGetAsync<List<SiloView>>(other, "silos") is { } silos && silos.Exists(silo => silo.Name == world.Mesh[number].Name && silo.Health == "dead")) return;
            await Task.Delay(500);
        }
        Say($"{world.Mesh[number].Name} stands still and is not given up");
    }

    private static async Task GoAsync(IncidentKind kind, ClusterSilo silo)
    {
        if (kind is IncidentKind.Pause or IncidentKind.Freeze) silo.Pause();
        else if (kind == IncidentKind.Leave) Assert.Equal(0, await silo.LeaveAsync());
        else await silo.KillAsync();
    }

    private async Task ReturnAsync(IncidentKind kind, int number)
    {
        var silo = world.Mesh[number];
        if (kind is IncidentKind.Pause or IncidentKind.Freeze)
        {
            silo.Resume();
            if (kind == IncidentKind.Pause && silo.IsRunning && !await HasEndedAsync(silo, TimeSpan.FromSeconds(2))) return;
            if (kind == IncidentKind.Freeze && !await HasEndedAsync(silo, Notice))
            {
                Say($"{silo.Name} was not given up");
                return;
            }
            if (silo.ExitCode != PutOut) world.Fault($"{silo.Name} ended with {silo.ExitCode} after it stood still: {silo.Said}");
            world.Count("silos that were given up");
        }
        await StartAsync(number);
    }

    private async Task StartAsync(int number)
    {
        var silo = world.Mesh[number];
        var since = Stopwatch.GetTimestamp();
        world.Started(number);
        Hear(silo);
        // The only one that is left has to give up two first, with all devices at its door.
        silo.ReadyWithin = StartWithin;
        while (!await silo.TryStartAsync())
        {
            world.Count("starts that were refused");
            // Its last word, but for where in the code that was.
            var why = silo.Said.Split('\n').LastOrDefault(line => !line.StartsWith(' ')) ?? "";
            Say($"{silo.Name} did not start: {why}");
            if (Stopwatch.GetElapsedTime(since) > StartWithin) throw new InvalidOperationException($"{silo.Name} does not start: {why} {string.Join('\n', world.Wrong)}");
        }
        world.Started(number);
        Say($"{silo.Name} is back after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s");
    }

    private static async Task<bool> HasEndedAsync(ClusterSilo silo, TimeSpan within)
        => silo.EndedAsync() is var ended && await Task.WhenAny(ended, Task.Delay(within)) == ended;

    /// <summary>What silos complained of, by the numbers of their messages.</summary>
    private void Hear(ClusterSilo silo)
    {
        if (world.Settings.Logs is { } folder) File.AppendAllText(Path.Combine(folder, $"{silo.Name}.log"), $"{silo.Said}\n");
        foreach (Match line in Complaint().Matches(silo.Said)) world.Count($"complaints of silos: {line.Groups["what"].Value}");
    }

    [GeneratedRegex(@" (warn|fail|crit): (?<what>[\w.]+\[[0-9]+\])")]
    private static partial Regex Complaint();

    private void Say(string what) => say($"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.0} s  {what}");
}
