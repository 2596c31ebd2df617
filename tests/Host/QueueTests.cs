using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Roots;
using TrustMesh.Tests.Parts;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

/// <summary>One decision about many waiting devices.</summary>
public class QueueTests
{
    [Fact]
    public async Task Many_are_approved_at_once_and_the_log_has_each_of_them_and_the_act()
    {
        await using var silo = await RunningSilo.StartAsync();
        await WaitingAsync(silo, "oslo", "pump-1", "pump-2");
        await WaitingAsync(silo, "bergen", "pump-3");
        using var anna = await silo.SignInAsync("approver");
        var tried = await DecideAsync(anna, new("approve", Query: "site:oslo", DryRun: true));
        Assert.Equal((2, "pump-1 would, pump-2 would"), (tried.Count, Text(tried)));
        Assert.Equal("pending", (await silo.GetAsync<DeviceDetail>("devices/pump-1")).Device.Standing);
        var done = await DecideAsync(anna, new("approve", Marks(tried), Reason: "seen in hall 3"));
        Assert.Equal((2, "pump-1 done, pump-2 done"), (done.Count, Text(done)));
        Assert.Equal(["active", "active", "pending"], await StandingsAsync(silo, "pump-1", "pump-2", "pump-3"));
        var log = await LogAsync(silo);
        Assert.Equal(["pump-1", "pump-2"], log.Where(line => line is { Kind: "approved", Actor: "some-approver", Text: "seen in hall 3" }).Select(line => line.Name).Order());
        Assert.Contains(log, line => line is { Kind: "operator", Actor: "some-approver", Text: "approved 2 of 2 waiting devices; seen in hall 3" });
    }

    [Fact]
    public async Task The_same_sent_again_does_nothing_twice()
    {
        await using var silo = await RunningSilo.StartAsync();
        await WaitingAsync(silo, "oslo", "pump-1", "pump-2");
        var tried = await DecideAsync(silo.Operator, new("reject", Query: "site:oslo", DryRun: true));
        var decision = new BulkDecision("reject", Marks(tried), Reason: "nobody knows them");
        Assert.Equal("pump-1 done, pump-2 done", Text(await DecideAsync(silo.Operator, decision)));
        var versions = await Task.WhenAll(((string[])["pump-1", "pump-2"]).Select(async name => (await silo.GetAsync<DeviceDetail>($"devices/{name}")).Device.Version));
        var again = await DecideAsync(silo.Operator, decision);
        Assert.Equal((0, "pump-1 already, pump-2 already"), (again.Count, Text(again)));
        Assert.Equal(versions, await Task.WhenAll(((string[])["pump-1", "pump-2"]).Select(async name => (await silo.GetAsync<DeviceDetail>($"devices/{name}")).Device.Version)));
        Assert.Equal(["revoked", "revoked"], await StandingsAsync(silo, "pump-1", "pump-2"));
        // Who was turned away is not let in by a later act.
        Assert.Equal("pump-1 changed, pump-2 changed", Text(await DecideAsync(silo.Operator, new("approve", decision.Devices))));
    }

    [Fact]
    public async Task A37_Rights_are_asked_for_each_device_at_its_own_site()
    {
        await using var silo = await RunningSilo.StartAsync();
        await WaitingAsync(silo, "oslo", "pump-1");
        await WaitingAsync(silo, "bergen", "pump-2");
        using var anna = await silo.SignInAsync("approver", "oslo");
        using var otto = await silo.SignInAsync("operator");
        Assert.Equal("forbidden", (await silo.ProblemAsync(otto, "devices/decide", new BulkDecision("approve", Query: "standing:pending", DryRun: true))).Code);
        var tried = await DecideAsync(anna, new("approve", Query: "standing:pending", DryRun: true));
        Assert.Equal("pump-1 would, pump-2 forbidden", Text(tried));
        Assert.Equal("This needs approver for site bergen.", tried.Devices[1].Why);
        // Also when she sends what was not offered.
        Assert.Equal("pump-1 done, pump-2 forbidden", Text(await DecideAsync(anna, new("approve", Marks(tried)))));
        Assert.Equal(["active", "pending"], await StandingsAsync(silo, "pump-1", "pump-2"));
    }

    [Fact]
    public async Task What_is_not_as_it_was_seen_is_reported_and_left_alone_and_a_proof_in_between_is_no_change()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var first = await JoinAsync(silo, "pump-1", "oslo");
        using var second = await JoinAsync(silo, "pump-2", "oslo");
        await first.ProveAsync();
        await second.ProveAsync();
        var tried = await DecideAsync(silo.Operator, new("approve", Query: "site:oslo", DryRun: true));
        // Proves again and stays what it is: only its row has another version.
        await first.ProveAsync();
        await silo.PostAsync<DeviceSummary>("devices/pump-2/revoke", new Decision("stolen"));
        var done = await DecideAsync(silo.Operator, new("approve", Marks(tried)));
        Assert.Equal((1, "pump-1 done, pump-2 changed"), (done.Count, Text(done)));
        Assert.Contains("revoked", done.Devices[1].Why);
        Assert.Equal(["active", "revoked"], await StandingsAsync(silo, "pump-1", "pump-2"));
    }

    [Fact]
    public async Task A12_A_device_that_enrolled_anew_is_not_the_one_that_was_seen()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var root = new TokenRoot();
        using var device = new TestDevice("hsm-1", root);
        await device.ConnectAsync(silo.Devices);
        Assert.NotNull((await device.EnrolAsync(await silo.JoinTokenAsync())).Result);
        var tried = await DecideAsync(silo.Operator, new("approve", Query: "name:hsm-1", DryRun: true));
        root.Facts = TokenRoot.Usual with { SerialNumber = "9999" };
        Assert.NotNull((await device.EnrolAsync(await silo.JoinTokenAsync())).Result);
        Assert.Equal("hsm-1 changed", Text(await DecideAsync(silo.Operator, new("approve", Marks(tried)))));
    }

    [Fact]
    public async Task A_device_that_is_in_is_never_turned_away_with_the_others()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var inside = await silo.JoinAsync("inside");
        var tried = await DecideAsync(silo.Operator, new("reject", [new(inside.Id.Text)], DryRun: true));
        Assert.Equal("inside refused", Text(tried));
        Assert.Equal("inside refused", Text(await DecideAsync(silo.Operator, new("reject", Marks(tried), Reason: "why not"))));
        Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/inside")).Device.Standing);
        Assert.Empty((await DecideAsync(silo.Operator, new("reject", Query: "name:inside", DryRun: true))).Devices);
    }

    [Fact]
    public async Task Two_people_who_decide_at_once_each_hear_what_became_of_every_device()
    {
        await using var silo = await RunningSilo.StartAsync();
        string[] names = [.. Enumerable.Range(10, 12).Select(number => $"pump-{number}")];
        await WaitingAsync(silo, "oslo", names);
        using var anna = await silo.SignInAsync("approver");
        var tried = await DecideAsync(anna, new("approve", Query: "site:oslo", DryRun: true));
        var both = await Task.WhenAll(
            DecideAsync(anna, new("approve", Marks(tried))), DecideAsync(silo.Operator, new("reject", Marks(tried), Reason: "a doubt")));
        for (var i = 0; i < names.Length; i++)
        {
            var (approved, rejected) = (both[0].Devices[i].Outcome, both[1].Devices[i].Outcome);
            // One of them won; the other one was told so. What was approved first is not revoked by who saw it waiting.
            Assert.True((approved, rejected) is ("done", "changed") or ("changed", "done"), $"{names[i]}: {approved} and {rejected}");
            Assert.Equal(approved == "done" ? "active" : "revoked", (await silo.GetAsync<DeviceDetail>($"devices/{names[i]}")).Device.Standing);
        }
        // Both the same: one does it, the other finds it done.
        await WaitingAsync(silo, "turku", "late-1", "late-2");
        var late = Marks(await DecideAsync(anna, new("approve", Query: "site:turku", DryRun: true)));
        var same = await Task.WhenAll(DecideAsync(anna, new("approve", late)), DecideAsync(silo.Operator, new("approve", late)));
        Assert.All(Enumerable.Range(0, 2), i => Assert.Equal(["already", "done"], same.Select(answer => answer.Devices[i].Outcome).Order()));
    }

    [Fact]
    public async Task A_query_decides_only_if_it_finds_as_many_as_were_seen()
    {
        await using var silo = await RunningSilo.StartAsync();
        await WaitingAsync(silo, "oslo", "pump-1", "pump-2");
        var refused = await silo.ProblemAsync(silo.Operator, "devices/decide", new BulkDecision("approve", Query: "site:oslo", Seen: 1));
        Assert.Equal(("conflict", "The query finds 2 waiting devices now, and you saw 1; look again."), (refused.Code, refused.Detail));
        Assert.Equal("pump-1 done, pump-2 done", Text(await DecideAsync(silo.Operator, new("approve", Query: "site:oslo", Seen: 2))));
        Assert.Contains(await LogAsync(silo), line => line.Text == "approved 2 of 2 waiting devices found by site:oslo");
    }

    [Fact]
    public async Task A42_No_more_than_a_thousand_are_taken_and_a_thousand_fit()
    {
        await using var silo = await RunningSilo.StartAsync();
        var many = Enumerable.Range(0, 1_000).Select(number => new DeviceMark(DeviceId.FromRootKey(BitConverter.GetBytes(number)).Text, "0123456789abcdef")).ToList();
        var answer = await DecideAsync(silo.Operator, new("approve", many));
        Assert.Equal((0, 1_000), (answer.Count, answer.Devices.Count(one => one.Outcome == "unknown")));
        Assert.Contains("1 to 1000", (await silo.ProblemAsync(silo.Operator, "devices/decide", new BulkDecision("approve", [.. many, many[0]]))).Detail);
        using var viewer = await silo.SignInAsync("viewer");
        Assert.Equal("forbidden", (await silo.ProblemAsync(viewer, "devices/decide", new BulkDecision("approve", many))).Code);
        Assert.Equal("too_large", (await silo.ProblemAsync(silo.Operator, "devices/decide", new BulkDecision("approve", Query: new string('a', 200_000)))).Code);
    }

    [Fact]
    public async Task A44_What_is_wrong_is_told_and_nothing_is_done()
    {
        await using var silo = await RunningSilo.StartAsync();
        await WaitingAsync(silo, "oslo", "pump-1");
        var id = silo.Silo.Directory.Entries.Single().Device.Text;
        foreach (var (wrong, says) in new (BulkDecision, string)[]
        {
            (new("revoke", Query: "site:oslo", Seen: 1), "act must be approve or reject."),
            (new("reject", Query: "site:oslo", Seen: 1), "A reason is needed to reject devices."),
            (new("reject", Query: "site:oslo", Seen: 1, Reason: "two\nlines"), "The reason must be one line"),
            (new("approve", Query: "site:oslo", Seen: 1, Reason: new string('r', 201)), "The reason must be one line"),
            (new("approve"), "Name either devices or a query."),
            (new("approve", [new(id, "x")], "site:oslo"), "Name either devices or a query."),
            (new("approve", []), "devices must be 1 to 1000."),
            (new("approve", [new("pump-1", "x")]), "Each device needs its whole id."),
            (new("approve", [null!]), "Each device needs its whole id."),
            (new("approve", [new(id)]), "Each device needs its mark"),
            (new("approve", [new(id, "x"), new(id, "y")]), "A device is named twice."),
            (new("approve", Query: "sit:oslo", Seen: 1), "unknown field"),
            (new("approve", Query: "site:oslo"), "seen must say how many"),
        })
        {
            var problem = await silo.ProblemAsync(silo.Operator, "devices/decide", wrong);
            Assert.True(problem.Code == "invalid" && problem.Detail!.Contains(says, StringComparison.Ordinal), $"{wrong}: {problem.Detail}");
        }
        Assert.Equal("pump-1 changed", Text(await DecideAsync(silo.Operator, new("approve", [new(id, "0000000000000000")]))));
        Assert.Equal(["pending"], await StandingsAsync(silo, "pump-1"));
    }

    [Fact]
    public async Task The_chain_of_an_endorsement_key_is_kept_and_shown()
    {
        using var tpm = Swtpm.Manufacture();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath] });
        using (var root = RootOfTrust.Open(tpm.Settings(), TimeProvider.System))
        {
            using var device = new TestDevice("tpm-1", root);
            await device.ConnectAsync(silo.Devices);
            Assert.Equal(Standing.Pending, (await device.EnrolAsync(null)).Result!.Standing);
        }
        await silo.RestartAsync();
        var view = await silo.GetAsync<EnrolmentView>("devices/tpm-1/enrolment");
        Assert.True(view.Endorsement!.Verified);
        var leaf = view.Endorsement.Certificates[0];
        Assert.Equal((null, 64), (leaf.Problem, leaf.Fingerprint.Length));
        Assert.Contains("swtpm-localca", leaf.Issuer);
        Assert.Equal("IBM (software TPM)", leaf.Vendor);
        Assert.True(leaf.NotBefore < DateTimeOffset.UtcNow && leaf.NotAfter > DateTimeOffset.UtcNow);
        Assert.Empty(view.Seen);
    }

    [Fact]
    public async Task A13_Hardware_that_was_here_before_is_told_with_who_and_what_it_was()
    {
        using var tpm = Swtpm.Manufacture();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath] });
        await EnrolAsync(silo, "tpm-1", tpm.Settings());
        await silo.PostAsync<DeviceSummary>("devices/tpm-1/approve", new Decision("seen it"));
        await silo.PostAsync<DeviceSummary>("devices/tpm-1/suspend", new Decision("lost"));
        await silo.PostAsync<DeviceSummary>("devices/tpm-1/resume", new Decision(null));
        // Its state is lost: another attestation key of the same TPM.
        await EnrolAsync(silo, "tpm-1", tpm.Settings() with { StateDirectory = Path.Combine(tpm.Folder, "other") });
        var view = await silo.GetAsync<EnrolmentView>("devices/tpm-1/enrolment");
        Assert.Equal(["enrolled by device", "approved by admin", "suspended by admin", "resumed by admin"], view.Seen.Select(one => $"{one.Standing} by {one.By}"));
        Assert.All(view.Seen, one => Assert.Equal("root", one.How));
        var tried = await DecideAsync(silo.Operator, new("approve", Query: "name:tpm-1", DryRun: true));
        Assert.Contains("this hardware was here before", tried.Devices.Single().Warning);
    }

    [Fact]
    public async Task A10_A_token_that_comes_with_another_key_is_told_by_its_serial_number_and_a_namesake_by_its_name()
    {
        await using var silo = await RunningSilo.StartAsync();
        using TokenRoot first = new(), second = new();
        foreach (var (name, root) in new[] { ("hsm-1", first), ("hsm-2", second) })
        {
            using var device = new TestDevice(name, root);
            await device.ConnectAsync(silo.Devices);
            Assert.Equal(Standing.Pending, (await device.EnrolAsync(await silo.JoinTokenAsync())).Result!.Standing);
        }
        await silo.PostAsync<DeviceSummary>("devices/hsm-1/revoke", new Decision("stolen"));
        using var namesake = await JoinAsync(silo, "hsm-1", "oslo");
        var seen = Assert.Single((await silo.GetAsync<EnrolmentView>("devices/hsm-2/enrolment")).Seen);
        Assert.Equal(("token", "hsm-1", "revoked"), (seen.How, seen.Name, seen.Standing));
        seen = Assert.Single((await silo.GetAsync<EnrolmentView>($"devices/{namesake.Id.Text}/enrolment")).Seen);
        Assert.Equal(("name", "revoked"), (seen.How, seen.Standing));
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Operator.GetAsync("devices/nobody/enrolment")).StatusCode);
    }

    [Fact]
    public async Task What_a_waiting_device_proved_is_held_against_the_reference_values_of_now()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var good = await JoinAsync(silo, "pump-1", "oslo");
        using var same = await JoinAsync(silo, "pump-2", "oslo");
        Assert.Null((await silo.GetAsync<EnrolmentView>("devices/pump-2/enrolment")).Proof);
        await same.ProveAsync();
        var first = (await silo.GetAsync<EnrolmentView>("devices/pump-2/enrolment")).Proof!;
        Assert.Equal((null, "none", null, 0, 1, 0), (first.References, first.Status, first.Unjudged, first.Good, first.Unknown, first.Different));
        Assert.Equal(("/etc/app.conf", "not-compared"), (first.Files.Single().Name, first.Files.Single().Outcome));
        await silo.PostAsync<DeviceSummary>("devices/pump-1/approve", new Decision(null));
        await good.ProveAsync();
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("pump-1"));

        // The same evidence, judged by what was learned since; a software key is worth a warning.
        var again = (await silo.GetAsync<EnrolmentView>("devices/pump-2/enrolment")).Proof!;
        Assert.Equal((1L, "warning", 1, 0, 0), (again.References, again.Status, again.Good, again.Unknown, again.Different));
        Assert.Equal((first.ProvenAt, 0), (again.ProvenAt, again.Files.Count));
        Assert.All(again.Because, line => Assert.NotEqual("fail", line.Outcome));

        using var changed = await JoinAsync(silo, "pump-3", "oslo");
        changed.Measure("/etc/app.conf", "changed");
        changed.Measure("/etc/other.conf", "unheard of");
        await changed.ProveAsync();
        var bad = (await silo.GetAsync<EnrolmentView>("devices/pump-3/enrolment")).Proof!;
        Assert.Equal(("contraindicated", 0, 1, 1), (bad.Status, bad.Good, bad.Unknown, bad.Different));
        Assert.Equal(["/etc/app.conf fail", "/etc/other.conf not-compared"], bad.Files.Select(file => $"{file.Name} {file.Outcome}"));
        Assert.NotEqual(bad.Files[0].Digest, Assert.Single(bad.Files[0].Expected!));
        // It is as common as the active devices make it: one that waits makes nothing look common.
        Assert.Equal((0, 1), (bad.Files[0].SeenOn, bad.Files[0].Of));
        Assert.Contains(bad.Because, line => line is { Check: "file.digest", Claim: "/etc/app.conf", Outcome: "fail" });

        // Whoever approves many is told; whoever turns it away need not be.
        Assert.Contains("Its last proof fails: /etc/app.conf.", (await DecideAsync(silo.Operator, new("approve", Query: "name:pump-3", DryRun: true))).Devices.Single().Warning);
        Assert.Null((await DecideAsync(silo.Operator, new("reject", Query: "name:pump-3", DryRun: true))).Devices.Single().Warning);
        Assert.Null((await DecideAsync(silo.Operator, new("approve", Query: "name:pump-2", DryRun: true))).Devices.Single().Warning);

        // What it should have and does not measure is a difference too, and what the policy lets change is none.
        using var less = new TestDevice("pump-4");
        less.Measure("/etc/other.conf", "unheard of");
        await less.ConnectAsync(silo.Devices);
        Assert.NotNull((await less.EnrolAsync((await silo.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(1, 600, false, "oslo"))).Token!)).Result);
        await less.ProveAsync();
        var missing = (await silo.GetAsync<EnrolmentView>("devices/pump-4/enrolment")).Proof!;
        Assert.Equal(["/etc/app.conf absent fail", "/etc/other.conf"], missing.Files.Select(file => file.Outcome == "fail" ? $"{file.Name} {file.Digest} {file.Outcome}" : file.Name));
        using (var free = await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(MayChange: ["/etc/*.conf"]))) Assert.Equal(HttpStatusCode.OK, free.StatusCode);
        bad = (await silo.GetAsync<EnrolmentView>("devices/pump-3/enrolment")).Proof!;
        // Where all of it may change nothing is compared, and that is no pass (A08).
        Assert.Equal((2L, "none", 2, 0, 0), (bad.Policy, bad.Status, bad.Good, bad.Unknown, bad.Different));

        // Who is in has a verdict of its own.
        await silo.PostAsync<DeviceSummary>("devices/pump-2/approve", new Decision(null));
        Assert.Null((await silo.GetAsync<EnrolmentView>("devices/pump-2/enrolment")).Proof);
    }

    internal static Task<TestDevice> JoinAsync(RunningSilo silo, string name, string site) => JoinAsync(silo, name, site, "sensor");

    internal static async Task<TestDevice> JoinAsync(RunningSilo silo, string name, string site, string model)
    {
        var device = new TestDevice(name) { Model = model };
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silo.Devices);
        var token = (await silo.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(1, 600, false, site))).Token!;
        var (result, code) = await device.EnrolAsync(token);
        Assert.True(result is not null, code);
        return device;
    }

    /// <summary>All lines of all logs of the mesh.</summary>
    internal static async Task<IReadOnlyList<LogEntryView>> LogAsync(RunningSilo silo)
    {
        var lines = new List<LogEntryView>();
        for (var log = (await silo.GetAsync<IReadOnlyList<LogView>>("log")).Count - 1; log >= 0; log--) lines.AddRange((await silo.GetAsync<LogPage>($"log/{log}/entries?limit=1000")).Entries);
        return lines;
    }

    internal static async Task<BulkAnswer> DecideAsync(HttpClient client, BulkDecision decision)
    {
        using var answer = await client.PostAsJsonAsync("devices/decide", decision);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<BulkAnswer>())!;
    }

    private static async Task WaitingAsync(RunningSilo silo, string site, params string[] names)
    {
        foreach (var name in names) (await JoinAsync(silo, name, site)).Dispose();
    }

    private static async Task EnrolAsync(RunningSilo silo, string name, RootSettings settings)
    {
        using var root = RootOfTrust.Open(settings, TimeProvider.System);
        using var device = new TestDevice(name, root);
        await device.ConnectAsync(silo.Devices);
        var (result, code) = await device.EnrolAsync(null);
        Assert.True(result?.Standing == Standing.Pending, code);
    }

    private static IReadOnlyList<DeviceMark> Marks(BulkAnswer answer) => [.. answer.Devices.Select(one => new DeviceMark(one.Id, one.Mark))];

    private static string Text(BulkAnswer answer) => string.Join(", ", answer.Devices.Select(one => $"{one.Name} {one.Outcome}"));

    private static async Task<IReadOnlyList<string>> StandingsAsync(RunningSilo silo, params string[] names)
        => [.. await Task.WhenAll(names.Select(async name => (await silo.GetAsync<DeviceDetail>($"devices/{name}")).Device.Standing))];
}
