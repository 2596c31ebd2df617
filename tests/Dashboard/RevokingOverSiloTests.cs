using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Dashboard;

/// <summary>The wizard as people use it: a real silo, and devices that prove themselves, examine each other and wait for its word over their own TLS.</summary>
public sealed class RevokingOverSiloTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task From_the_query_over_what_it_costs_to_the_last_device_that_knows_and_the_entries_of_the_log()
    {
        await using var silo = await RunningSilo.StartAsync();
        var devices = new List<TestDevice>();
        foreach (var name in new[] { "press-1", "press-2", "belt-1", "belt-2" }) devices.Add(await silo.JoinAsync(name));
        var watchers = new List<TestWatcher>();
        foreach (var (at, device) in devices.Index())
        {
            await device.ProveAsync();
            watchers.Add(new TestWatcher(device, silo) { Addresses = [$"10.0.0.{at + 1}:7444"], EnforcedMs = 7 });
            await watchers[at].NextAsync();
        }
        // One belt is examined by the presses alone, the other one by the first belt too.
        await JudgeAsync(devices[0], devices[2], devices[3]);
        await JudgeAsync(devices[1], devices[2]);
        await JudgeAsync(devices[2], devices[3]);
        var code = (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("ada", "operator"))).Code;
        await using var dashboard = await RunningDashboard.BesideAsync(silo);
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations/new", code);
        await LiveAsync(page);

        await page.Locator("[data-query-input]").FillAsync("name:press-*");
        await Assertions.Expect(page.GetByTestId("choice")).ToHaveTextAsync("2 can be revoked by you, 0 are revoked already, 0 are not yours to revoke.");
        await page.Locator("[data-next]").ClickAsync();
        await Assertions.Expect(page.GetByTestId("plan-devices")).ToHaveTextAsync("2");
        await Assertions.Expect(page.GetByTestId("plan-alone")).ToHaveTextAsync("1");
        await Assertions.Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("belt-1");
        await page.Locator("[data-next]").ClickAsync();
        await page.Locator("#revoke-reason").FillAsync("hall 3 burned down");
        await page.Locator("#revoke-typed").FillAsync("2");
        await page.Locator("[data-revoke]").ClickAsync();

        await Assertions.Expect(page.GetByTestId("act-state")).ToHaveTextAsync("2 of 2 revoked.");
        await Assertions.Expect(page.GetByTestId("acknowledged")).ToContainTextAsync("0 of 2");
        var serial = (await silo.GetAsync<RevocationView>("revocations")).Serial;
        // Each learns it from the silo, and says so when it asks for what comes next.
        var first = await AcknowledgeAsync(watchers[2], serial);
        await Assertions.Expect(page.GetByTestId("acknowledged")).ToContainTextAsync("1 of 2");
        await Assertions.Expect(page.GetByTestId("waiting")).ToContainTextAsync("belt-2");
        var second = await AcknowledgeAsync(watchers[3], serial);
        await Assertions.Expect(page.GetByTestId("acknowledged")).ToContainTextAsync("2 of 2");
        await Assertions.Expect(page.GetByTestId("p99")).Not.ToHaveTextAsync("—");

        await page.GotoAsync(new Uri(dashboard.Address, "/log").ToString());
        await LiveAsync(page);
        var entries = page.GetByRole(AriaRole.Region, new() { Name = "Entries", Exact = true });
        foreach (var name in new[] { "press-1", "press-2" })
            await Assertions.Expect(entries.GetByRole(AriaRole.Row).Filter(new() { HasText = name }).Filter(new() { HasText = "hall 3 burned down" }).First).ToContainTextAsync("ada");
        await Assertions.Expect(entries).ToContainTextAsync("revoked 2 of 2 devices of request");
        await Assertions.Expect(entries).ToContainTextAsync($"status list {serial}");
        Assert.Equal(["revoked", "revoked", "active", "active"], await Task.WhenAll(devices.Select(async device => (await silo.GetAsync<DeviceDetail>($"devices/{device.Id.Text}")).Device.Standing)));
        Assert.Empty(complaints);

        // They wait for news that does not come any more.
        foreach (var device in devices) device.Dispose();
        await Task.WhenAll(first, second).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private static async Task JudgeAsync(TestDevice issuer, params IReadOnlyList<TestDevice> subjects)
    {
        var examiner = new TestExaminer(issuer);
        foreach (var subject in subjects) examiner.Judge(subject.Id);
        await examiner.UploadAsync();
    }

    /// <summary>The device has the list, and waits for the next; ends with that.</summary>
    private static async Task<Task> AcknowledgeAsync(TestWatcher device, long serial)
    {
        await device.CatchUpAsync(one => one.List?.Serial >= serial);
        return device.NextAsync();
    }
}
