using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed class RevocationTests(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task The_page_of_revocations_follows_a_list_until_every_device_has_it()
    {
        var fleet = FakeFleet.Of(12, calm: 1);
        var device = fleet.Devices.Values.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/revocations");
        await Assertions.Expect(page.GetByTestId("acknowledged")).ToContainTextAsync("11 of 12 active devices enforce list 7");
        await Assertions.Expect(page.GetByText("Nobody is revoked or suspended")).ToBeVisibleAsync();
        await LiveAsync(page);

        // A new list: the silo tells of it by an event, and nothing else.
        fleet.Revocations = fleet.Revocations with { Serial = 8, Devices = [new RevokedDevice(device.Id, device.Name, "revoked", 40, 8, DateTimeOffset.UtcNow, "stolen from hall 3")] };
        fleet.Propagation = new PropagationView(8, DateTimeOffset.UtcNow, 11, 4, 310, null, [new RevocationAck(fleet.Devices.Keys.Last(), "last", 310, 0)], ["gateway-2", "press-5"]);
        dashboard.Silo.Say("revocation", "list 8 signed");
        await Assertions.Expect(page.GetByTestId("acknowledged")).ToContainTextAsync("4 of 11 active devices enforce list 8");
        var row = page.GetByRole(AriaRole.Region, new() { Name = "Devices on the list" }).Locator("tbody tr");
        foreach (var text in new[] { "Revoked", device.Name, "stolen from hall 3", "8" })
            await Assertions.Expect(row).ToContainTextAsync(text);
        await Assertions.Expect(page.GetByTestId("p50")).ToHaveTextAsync("310 ms");
        await Assertions.Expect(page.GetByTestId("p99")).ToHaveTextAsync("—");
        await Assertions.Expect(page.GetByTestId("waiting")).ToContainTextAsync("press-5");

        // Acknowledgements come without an event: while somebody is waited for, the page looks by itself.
        fleet.Propagation = fleet.Propagation with { Acknowledged = 11, P99Ms = 1_450, Waiting = [] };
        await Assertions.Expect(page.GetByTestId("acknowledged")).ToContainTextAsync("11 of 11");
        await Assertions.Expect(page.GetByTestId("p99")).ToHaveTextAsync("1,450 ms");
        await Assertions.Expect(page.GetByTestId("waiting")).ToHaveCountAsync(0);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_change_of_standing_reads_the_list_again()
    {
        var fleet = FakeFleet.Of(4, calm: 1);
        var device = fleet.Devices.Values.First();
        fleet.Propagation = fleet.Propagation with { Waiting = [] };
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/revocations");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByText("Nobody is revoked or suspended")).ToBeVisibleAsync();

        fleet.Revocations = fleet.Revocations with { Devices = [new RevokedDevice(device.Id, device.Name, "suspended", 40, 8, DateTimeOffset.UtcNow, null)] };
        dashboard.Silo.Change(FakeFleet.Redraw(device with { Standing = "suspended" }));

        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Devices on the list" })).ToContainTextAsync("no reason given");
    }

    [Fact]
    public async Task A_revoked_device_points_to_how_far_the_list_has_come()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        var device = fleet.Devices.Values.First();
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, $"/devices/{device.Id}");
        await LiveAsync(page);
        await page.Locator("[data-act=revoke]").ClickAsync();
        await page.GetByLabel("Reason").FillAsync("stolen");
        await page.GetByLabel("Type the device's name").FillAsync(device.Name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke for good" }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "See how far the status list has come" }).ClickAsync();

        await page.WaitForURLAsync("**/revocations");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Status list in force" })).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task An_admin_signs_what_holds_between_peers_and_others_see_which_right_is_missing()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3));
        var (page, complaints) = await SignedInAsync(dashboard, "/policy", "code-admin");
        await LiveAsync(page);
        await Assertions.Expect(page.GetByText("3 independent contraindicated verdicts suspend a device")).ToBeVisibleAsync();

        await page.GetByLabel("Quorum (0: never)").FillAsync("5");
        await page.GetByLabel("Grace, in seconds").FillAsync("7200");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign version 5" }).ClickAsync();

        await Assertions.Expect(page.GetByText("Signed as version 5.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("5 independent contraindicated verdicts suspend a device")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("older than 2 h treats everyone as unknown")).ToBeVisibleAsync();
        var signed = Assert.Single(dashboard.Silo.Policies);
        Assert.Equal((7200, 5, 4, null), (signed.GraceSeconds, signed.Quorum, signed.Peers, signed.LifetimeSeconds));
        await page.GetByLabel("Quorum (0: never)").FillAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign version 6" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("quorum must not be 1");
        Assert.Single(dashboard.Silo.Policies);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Words_of_peers_alarms_and_lists_are_told_as_they_come()
    {
        var fleet = FakeFleet.Of(3, calm: 1);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/events");
        await LiveAsync(page);

        dashboard.Silo.Say("peer", "press-1 examined it: contraindicated", fleet.Devices.Values.First());
        dashboard.Silo.Say("alarm", "two machines answer with one identity", fleet.Devices.Values.First());
        dashboard.Silo.Say("revocation", "list 8 signed");

        foreach (var (tone, label) in new[] { ("peer", "Examined by a peer"), ("alarm", "Alarm"), ("list", "Status list") })
            await Assertions.Expect(page.Locator($".event-{tone}")).ToContainTextAsync(label);
        Assert.Empty(complaints);
    }
}
