using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Roots;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

/// <summary>A draft of a policy on the evidence of real devices, and what is kept of policies.</summary>
public class PolicySimulationTests
{
    [Fact]
    public async Task Says_who_would_fail_why_and_how_to_find_them_and_changes_nothing()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await TrustedAsync(silo, "pump-1");
        using var silent = await silo.JoinAsync("pump-2");
        var before = await silo.GetAsync<DeviceDetail>("devices/pump-1");
        var done = await SimulateAsync(silo.Operator, new(Tiers: ["tpm-quote"]));
        Assert.Equal((2, 0, 1, 0, 0, 1, true), (done.Devices, done.Same, done.Fails, done.Passes, done.Changes, done.Unjudged, done.Complete));
        Assert.Equal((1, 2), ((int)done.Against, (int)done.Draft.Version));
        Assert.Equal(["tpm-quote"], done.Draft.Tiers);
        Assert.Equal(["fails policy.tier assurance tier 1 tier:software", $"unjudged  no evidence is kept of it 1 id:{silent.Id.Short}"],
            done.Causes.Select(one => $"{one.Effect} {one.Check} {one.Cause} {one.Count} {one.Query}"));
        var failing = done.Cases[0];
        Assert.Equal(("pump-1", "fails", "warning", "contraindicated"), (failing.Name, failing.Effect, failing.Now, failing.Then));
        Assert.Contains(failing.Because, line => line is { Check: "policy.tier", Outcome: "fail", Rule: "policy default #2" });
        // Every query of the answer finds who is meant.
        foreach (var cause in done.Causes)
            Assert.True((await silo.GetAsync<DevicePage>($"devices?q={Uri.EscapeDataString(cause.Query!)}")).Total >= cause.Count);
        var after = await silo.GetAsync<DeviceDetail>("devices/pump-1");
        Assert.Equal((before.Device.Version, before.Device.Status), (after.Device.Version, after.Device.Status));
        Assert.Equal(1, (await silo.GetAsync<PolicyView>("policy")).Version);
        Assert.Single(await silo.GetAsync<IReadOnlyList<PolicyVersion>>("policy/versions"));
        Assert.DoesNotContain(await QueueTests.LogAsync(silo), line => line.Kind == "policy");
    }

    [Fact]
    public async Task Says_who_would_pass_and_what_then_no_longer_stands_against_them()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await TrustedAsync(silo, "pump-1");
        device.Measure("/etc/app.conf", "changed");
        await device.ProveAsync();
        Assert.Equal("contraindicated", (await silo.GetAsync<DeviceDetail>("devices/pump-1")).Device.Status);
        var done = await SimulateAsync(silo.Operator, new(MayChange: ["/etc/*.conf"]));
        Assert.Equal((1, 0), (done.Passes, done.Fails));
        var passing = Assert.Single(done.Cases);
        Assert.Equal(("passes", "contraindicated", "warning", "/etc/app.conf"), (passing.Effect, passing.Now, passing.Then, passing.Cause));
        Assert.Equal(1, (await SimulateAsync(silo.Operator, new(LifetimeSeconds: 100))).Same);
        // What it says is what happens once it is signed.
        using var signed = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(MayChange: ["/etc/*.conf"]));
        Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
        await device.ProveAsync();
        Assert.Equal("warning", (await silo.GetAsync<DeviceDetail>("devices/pump-1")).Device.Status);
        Assert.Equal(1, (await SimulateAsync(silo.Operator, new(MayChange: []))).Fails);
    }

    [Fact]
    public async Task What_changes_anyway_is_not_told_as_the_drafts_doing()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await TrustedAsync(silo, "pump-1");
        device.Measure("/etc/app.conf", "changed");
        await device.ProveAsync();
        // Learned meanwhile, and not proven since: it will pass with its next proof, whatever the draft.
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("pump-1"));
        var done = await SimulateAsync(silo.Operator, new(LifetimeSeconds: 100));
        Assert.Equal((1, 0, 0), (done.Same, done.Passes, done.Fails));
    }

    [Fact]
    public async Task A_tpm_is_judged_by_the_registers_it_quoted_and_not_by_ones_nobody_asked_for()
    {
        using var tpm = Swtpm.Manufacture();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath] });
        using var root = RootOfTrust.Open(tpm.Settings(), TimeProvider.System);
        using var device = new TestDevice("tpm-1", root);
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silo.Devices);
        Assert.Equal(Standing.Active, (await device.EnrolAsync(await silo.JoinTokenAsync())).Result!.Standing);
        await device.ProveAsync();
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("tpm-1"));
        await device.ProveAsync();
        Assert.Equal("affirming", (await silo.GetAsync<DeviceDetail>("devices/tpm-1")).Device.Status);
        Assert.Equal(1, (await SimulateAsync(silo.Operator, new(LifetimeSeconds: 100))).Same);
        var more = await SimulateAsync(silo.Operator, new(Pcrs: [7, 13]));
        Assert.Equal((1, "its last evidence does not quote PCR 7, as it was not asked to"), (more.Unjudged, Assert.Single(more.Causes).Cause));
        var firmware = (await silo.GetAsync<DeviceDetail>("devices/tpm-1")).Device.Firmware!;
        var denied = await SimulateAsync(silo.Operator, new(DeniedFirmware: [firmware]));
        Assert.Equal((1, $"fw:{firmware}"), (denied.Fails, Assert.Single(denied.Causes).Query));
        // Evidence of an earlier policy with more registers is judged by those the draft names.
        using var wider = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(Pcrs: [0, 13]));
        await device.ProveAsync();
        Assert.Equal("none", (await silo.GetAsync<DeviceDetail>("devices/tpm-1")).Device.Status);
        Assert.Equal(1, (await SimulateAsync(silo.Operator, new(Pcrs: [13]))).Passes);
    }

    [Fact]
    public async Task A37_A_viewer_may_not_try_a_draft_and_an_operator_may_not_sign_it()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var viewer = await silo.SignInAsync("viewer");
        using var otto = await silo.SignInAsync("operator", "oslo");
        Assert.Equal("forbidden", (await silo.ProblemAsync(viewer, "policy/simulate", new PolicyUpdate(LifetimeSeconds: 100))).Code);
        Assert.Equal(0, (await SimulateAsync(otto, new(LifetimeSeconds: 100))).Devices);
        using var signed = await otto.PutAsJsonAsync("policy", new PolicyUpdate(LifetimeSeconds: 100));
        Assert.Equal(HttpStatusCode.Forbidden, signed.StatusCode);
    }

    [Theory]
    [InlineData("""{"tiers":[]}""", "tiers must be")]
    [InlineData("""{"mayChange":["**"]}""", "mayChange")]
    [InlineData("""{"pcrs":[16]}""", "pcrs must name")]
    [InlineData("""{"quorum":1}""", "quorum must not be 1")]
    [InlineData("""{"lifetimeSeconds":1}""", "lifetimeSeconds")]
    [InlineData("""{"lifetime":60}""", "not what the route takes")]
    [InlineData("""{"reason":"two\nlines"}""", "one line")]
    [InlineData("null", "missing or malformed")]
    public async Task A44_A_draft_that_is_none_is_refused_as_it_would_be_for_signing(string draft, string says)
    {
        await using var silo = await RunningSilo.StartAsync();
        foreach (var (method, path) in new[] { (HttpMethod.Post, "policy/simulate"), (HttpMethod.Put, "policy") })
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StringContent(draft, System.Text.Encoding.UTF8, "application/json") };
            using var answer = await silo.Operator.SendAsync(request);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(says, (await answer.Content.ReadFromJsonAsync<Problem>())!.Detail);
        }
        Assert.Equal(1, (await silo.GetAsync<PolicyView>("policy")).Version);
    }

    [Fact]
    public async Task A42_One_draft_is_tried_at_a_time_behind_live_evidence_and_it_ends_when_nobody_waits_for_it()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await TrustedAsync(silo, "pump-1");
        var places = await FillAsync(silo);
        using var gone = new CancellationTokenSource();
        var first = silo.Operator.PostAsJsonAsync("policy/simulate", new PolicyUpdate(LifetimeSeconds: 100), gone.Token);
        await UntilAsync(() => silo.Silo.Gate.Waiting > 0);
        Assert.Equal("rate_limited", (await silo.ProblemAsync(silo.Operator, "policy/simulate", new PolicyUpdate(LifetimeSeconds: 100))).Code);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        // Its place in the line is free again although the gate never opened.
        await UntilAsync(() => silo.Silo.Gate.Waiting == 0);
        for (; places > 0; places--) silo.Silo.Gate.Leave();
        PolicySimulation? next = null;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (next is null)
        {
            using var answer = await silo.Operator.PostAsJsonAsync("policy/simulate", new PolicyUpdate(LifetimeSeconds: 100), deadline.Token);
            if (answer.IsSuccessStatusCode) next = await answer.Content.ReadFromJsonAsync<PolicySimulation>(deadline.Token);
        }
        Assert.Equal(1, next.Same);
    }

    [Fact]
    public async Task A42_What_is_not_reached_in_time_is_said_so()
    {
        var time = new JumpingTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        var devices = new List<TestDevice>();
        for (var i = 0; i < Environment.ProcessorCount + 2; i++) devices.Add(await TrustedAsync(silo, $"pump-{i}", learn: i == 0));
        var places = await FillAsync(silo);
        var running = SimulateAsync(silo.Operator, new(LifetimeSeconds: 100));
        await UntilAsync(() => silo.Silo.Gate.Waiting > 0);
        time.Ahead = TimeSpan.FromMinutes(1);
        for (; places > 0; places--) silo.Silo.Gate.Leave();
        var done = await running;
        Assert.False(done.Complete);
        Assert.InRange(done.Unjudged, 1, devices.Count - 1);
        Assert.Equal(devices.Count, done.Same + done.Unjudged);
        Assert.Contains(done.Causes, cause => cause.Cause == "there was no time left to look");
        devices.ForEach(device => device.Dispose());
    }

    [Fact]
    public async Task Versions_say_who_when_and_why_and_each_can_be_read_again()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var ada = await silo.SignInAsync("admin");
        using var signed = await ada.PutAsJsonAsync("policy", new PolicyUpdate(LifetimeSeconds: 120, Reason: " the autumn audit "));
        Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
        await silo.RestartAsync();
        var versions = await silo.GetAsync<IReadOnlyList<PolicyVersion>>("policy/versions");
        Assert.Equal(["2 some-admin the autumn audit True", "1 silo the first one False"], versions.Select(one => $"{one.Version} {one.By} {one.Why} {one.InForce}"));
        var (first, second) = (await silo.GetAsync<PolicyView>("policy/versions/1"), await silo.GetAsync<PolicyView>("policy/versions/2"));
        Assert.Equal(["removed lifetimeSeconds: 60", "added lifetimeSeconds: 120"], PolicyDiff.Of(first, second).Where(line => line.Change != "same").Select(line => $"{line.Change} {line.Text}"));
        foreach (var none in (string[])["3", "0", "-1", "abc", "99999999999999999999", "..%2F1"])
        {
            using var answer = await silo.Operator.GetAsync($"policy/versions/{none}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.Contains(await QueueTests.LogAsync(silo), line => line is { Kind: "policy", Actor: "some-admin", Text: "policy 2 in force; the autumn audit" });
    }

    [Fact]
    public async Task A42_A_hundred_versions_are_kept_and_who_signs_over_another_than_they_saw_is_told()
    {
        await using var silo = await RunningSilo.StartAsync();
        for (var i = 0; i < 104; i++)
        {
            using var signed = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(LifetimeSeconds: 100 + i));
            Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
        }
        var versions = await silo.GetAsync<IReadOnlyList<PolicyVersion>>("policy/versions");
        Assert.Equal((100, 105, 6), (versions.Count, versions[0].Version, versions[^1].Version));
        using var request = new HttpRequestMessage(HttpMethod.Put, "policy") { Content = JsonContent.Create(new PolicyUpdate(Quorum: 5)) };
        request.Headers.TryAddWithoutValidation("If-Match", "\"104\"");
        using var stale = await silo.Operator.SendAsync(request);
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        var both = await Task.WhenAll(silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(Quorum: 5)), silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(Quorum: 6)));
        Assert.All(both, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict));
        versions = await silo.GetAsync<IReadOnlyList<PolicyVersion>>("policy/versions");
        Assert.Single(versions, one => one.InForce);
        Assert.Equal((await silo.GetAsync<PolicyView>("policy")).Version, versions.Single(one => one.InForce).Version);
    }

    private static async Task<TestDevice> TrustedAsync(RunningSilo silo, string name, bool learn = true)
    {
        var device = new TestDevice(name);
        device.Measure("/etc/app.conf", "good");
        device.Measure("/app/bin/pump", "good");
        await device.ConnectAsync(silo.Devices);
        Assert.NotNull((await device.EnrolAsync(await silo.JoinTokenAsync())).Result);
        await device.ProveAsync();
        if (learn) await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest(name));
        await device.ProveAsync();
        Assert.Equal("warning", (await silo.GetAsync<DeviceDetail>($"devices/{name}")).Device.Status);
        return device;
    }

    private static async Task<PolicySimulation> SimulateAsync(HttpClient client, PolicyUpdate draft)
    {
        using var answer = await client.PostAsJsonAsync("policy/simulate", draft);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<PolicySimulation>())!;
    }

    /// <summary>As if every core verified live evidence.</summary>
    private static async Task<int> FillAsync(RunningSilo silo)
    {
        for (var i = 0; i < Environment.ProcessorCount; i++) Assert.True(await silo.Silo.Gate.TryEnterAsync(CancellationToken.None));
        return Environment.ProcessorCount;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds()) await Task.Delay(10, deadline.Token);
    }

    /// <summary>Real time whose stopwatch can be put ahead.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);
    }
}
