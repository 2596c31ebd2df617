using System.Collections.Concurrent;
using System.Diagnostics;
using TrustMesh.Contracts;
using TrustMesh.Tests.Cli;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>One chaos run, from three silos that start to three silos that are asked what they remember.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private const int Listeners = 50, Joining = 48, LateShare = 20, Looked = 100;
    private static readonly TimeSpan Enrolment = TimeSpan.FromMinutes(10), Ending = TimeSpan.FromMinutes(3), Agreement = TimeSpan.FromMinutes(2);

    private readonly ChaosWorld world;
    private readonly Action<string> say;
    private readonly List<ChaosDevice> devices = [];
    private readonly List<Task> living = [];
    private readonly TokenStock tokens;
    private readonly SemaphoreSlim joining = new(Joining);
    private readonly TaskCompletionSource finishing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stop = new();
    private readonly CliRun auditor;
    private readonly long started = Stopwatch.GetTimestamp();

    public ChaosRun(RunningCluster mesh, ChaosSettings settings, Action<string> say)
    {
        (world, this.say) = (new(mesh, settings), say);
        tokens = new(world, settings.Random("tokens"));
        for (var number = 0; number < settings.Devices; number++) devices.Add(new(world, tokens, joining, number));
        auditor = new() { ["TRUSTMESH_SILO"] = $"http://127.0.0.1:{mesh[0].OperatorPort}" };
    }

    public ChaosWorld World => world;

    private RunningCluster Mesh => world.Mesh;

    private string Saved => Path.Combine(auditor.Home, "checkpoints.json");

    /// <summary>All but some of the devices join; what the first measured is good for all of them.</summary>
    public async Task JoinAsync()
    {
        living.Add(devices[0].RunAsync(finishing.Task, stop.Token));
        await devices[0].Proven.WaitAsync(Enrolment);
        if (devices[0].Ledger.TryBegin(now => now == Standing.Pending ? "approve" : null, world.NewReason()) is { } act)
            devices[0].Ledger.Ended(act, ActEnd.Acknowledged, (await Mesh.PostAsync<DeviceSummary>(0, $"devices/{devices[0].Id.Text}/approve", new Decision(act.Reason))).Version);
        await Mesh.PostAsync<ReferenceView>(0, "references/learn", new LearnRequest(devices[0].Id.Text));
        var early = devices.Count - devices.Count / LateShare;
        foreach (var device in devices.Take(1..early)) living.Add(device.RunAsync(finishing.Task, stop.Token));
        await Task.WhenAll(devices.Take(early).Select(device => device.Proven)).WaitAsync(Enrolment);
        say($"{early} simulated devices (no TPM) are in after {Seconds(started)}");
        var code = Path.Combine(auditor.Home, "code");
        await File.WriteAllTextAsync(code, (await Mesh.PostAsync<OperatorCode>(0, "operators", new OperatorRequest("auditor", "viewer"))).Code);
        Assert.True(await auditor.RunAsync("sign-in", "--code-file", code) == 0, auditor.Error);
        Assert.True(await auditor.RunAsync("log", "verify", "--save", Saved) == 0, auditor.Output + auditor.Error);
    }

    /// <summary>While something is done to the silos; ends when that has ended, with all silos up, and every device had one more receipt.</summary>
    public async Task RageAsync(Func<Task> rage)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var random = world.Settings.Random("late");
        foreach (var device in devices.Skip(living.Count)) living.Add(LateAsync(device, random.NextDouble() * world.Settings.Duration));
        var policies = new PolicyStream(world, world.Settings.Random("policies"));
        var sizes = new ConcurrentDictionary<int, long>();
        List<Task> people = [policies.RunAsync(quiet.Token)];
        people.AddRange(Enumerable.Range(0, 3).Select(one => new OperatorStream(world, devices, world.Settings.Random($"operator {one}")).RunAsync(quiet.Token)));
        people.AddRange(Enumerable.Range(0, Mesh.Silos.Count).Select(silo => new SiloWatch(world, silo, sizes).RunAsync(quiet.Token)));
        people.AddRange(devices.Take(Listeners).Select(device => new StatusListener(world, device).RunAsync(quiet.Token)));
        await rage();
        await quiet.CancelAsync();
        await Task.WhenAll(people).WaitAsync(Ending);
        Policies = policies.Signed;
        var calm = Stopwatch.GetTimestamp();
        finishing.SetResult();
        try
        {
            await Task.WhenAll(living).WaitAsync(Ending);
            say($"all devices had another receipt {Seconds(calm)} after the last incident");
        }
        catch (TimeoutException)
        {
            world.Fault($"{living.Count(one => !one.IsCompleted)} devices had no receipt {Ending.TotalSeconds:0} s after the last incident");
        }
    }

    /// <summary>What is wrong, by what all silos answer now.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync()
    {
        var views = await AgreeAsync();
        var log = new LogBook(await ClusterLogs.ReadAsync(Mesh, 1));
        var listed = views.Devices.ToDictionary(device => device.Id);
        var audit = new Audit(log, listed, views.List);
        foreach (var device in devices) audit.Device(device);
        audit.Tokens(tokens.Made, await Mesh.GetAsync<List<JoinToken>>(2, "enroll/tokens"));
        audit.Policies(Policies, await Mesh.GetAsync<PolicyView>(0, "policy"));
        var known = devices.Select(device => device.Id.Text).ToHashSet();
        List<string> wrong = [.. world.Wrong, .. audit.Wrong, .. listed.Keys.Except(known).Select(id => $"nobody is {id}"), .. log.Devices.Except(known).Select(id => $"the log tells of {id}, who is nobody")];
        for (var i = 0; i < Looked && i < devices.Count; i++)
        {
            var device = devices[i * devices.Count / Math.Min(Looked, devices.Count)];
            var detail = (await Mesh.GetAsync<DeviceDetail>(i % Mesh.Silos.Count, $"devices/{device.Id.Text}")).Device;
            if (listed[device.Id.Text] is var entry && detail.Standing != entry.Standing) wrong.Add($"{device.Name} is {detail.Standing}, and listed as {entry.Standing}");
        }
        if (await auditor.RunAsync("log", "verify", "--since", Saved) != 0) wrong.Add($"trustmesh log verify: {auditor.Output}{auditor.Error}");
        say($"{log.Count} lines in the log, {log.Twice} of them twice; {auditor.Output.Replace("\n", "; ", StringComparison.Ordinal)}");
        return wrong;
    }

    /// <summary>Counts and times of the run.</summary>
    public void Tell()
    {
        foreach (var (what, count) in world.Counts) say($"{count,8} {what}");
        Tell("proofs that were answered at once waited", world.Answers);
        Tell("proofs an incident came between waited", world.Outages);
        say($"{Seconds(started)} altogether");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        finishing.TrySetResult();
        await Task.WhenAll(living).ContinueWith(_ => { }, TaskScheduler.Default);
        foreach (var device in devices) device.Dispose();
        world.Dispose();
        joining.Dispose();
        stop.Dispose();
    }

    private IReadOnlyDictionary<long, int> Policies { get; set; } = new Dictionary<long, int>();

    private async Task LateAsync(ChaosDevice device, TimeSpan after)
    {
        await Task.WhenAny(finishing.Task, Task.Delay(after, stop.Token));
        await device.RunAsync(finishing.Task, stop.Token);
    }

    /// <summary>Devices, graph and status list as all silos answer them.</summary>
    private async Task<(IReadOnlyList<DeviceSummary> Devices, RevocationView List)> AgreeAsync()
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var lists = new List<IReadOnlyList<DeviceSummary>>();
            var said = new List<string[]>();
            RevocationView? list = null;
            for (var silo = 0; silo < Mesh.Silos.Count; silo++)
            {
                lists.Add(await world.TryListAsync(silo) ?? []);
                var graph = await Mesh.GetAsync<GraphSnapshot>(silo, "graph");
                list = await Mesh.GetAsync<RevocationView>(silo, "revocations");
                said.Add([.. lists[^1].Select(one => $"{one.Id} {one.Name} {one.Standing} {one.Status} {one.Version} {one.ProvenAt:O}"),
                    .. graph.Nodes.Select(node => $"node {node.Id} {node.Name} {node.Standing} {node.Status} {node.ProvenAt:O}").Order(StringComparer.Ordinal),
                    .. graph.Edges.Select(edge => $"edge {edge.From} {edge.To} {edge.Status}").Order(StringComparer.Ordinal),
                    $"list {list.Serial}", .. list.Devices.Select(one => $"{one.Id} {one.Standing} since {one.Since}")]);
            }
            var differing = said.Skip(1).Select(other => said[0].Except(other).Concat(other.Except(said[0])).ToList()).MaxBy(lines => lines.Count)!;
            if (differing.Count == 0 && lists[0].Count == devices.Count || Stopwatch.GetElapsedTime(since) > Agreement)
            {
                if (differing.Count > 0) world.Fault($"{Agreement.TotalSeconds:0} s after the last proof silos differ in {differing.Count} lines: {string.Join("; ", differing.Take(6))}");
                say($"silos agree {Seconds(since)} after the last proof");
                return (lists[0], list!);
            }
            await Task.Delay(500);
        }
    }

    private void Tell(string what, IReadOnlyCollection<TimeSpan> times)
    {
        if (times.Count == 0) return;
        var sorted = times.Order().ToList();
        say($"{sorted.Count,8} {what} {sorted[sorted.Count / 2].TotalSeconds:0.000} s at the median, {sorted[sorted.Count * 99 / 100].TotalSeconds:0.000} s at p99, {sorted[^1].TotalSeconds:0.000} s at most");
    }

    private static string Seconds(long since) => $"{Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s";
}
