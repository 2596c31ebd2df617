using System.Net;
using System.Net.Http.Json;
using System.Text;
using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Host;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

public class A43UnreadableRowTests
{
    [Fact]
    public async Task A43_One_row_that_cannot_be_read_isolates_its_device_and_nothing_else()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var damaged = await silo.JoinAsync("damaged");
        using var healthy = await silo.JoinAsync("healthy");
        await silo.ReplaceAsync(damaged.Id, [0, 255], []);
        await silo.RestartAsync();
        await healthy.ConnectAsync(silo.Devices);
        await damaged.ConnectAsync(silo.Devices);
        Assert.Equal(Standing.Active, (await healthy.ProveAsync()).Standing);
        Assert.Equal("unavailable", (await damaged.PostAsync("/device/v1/challenge", new ChallengeRequest(damaged.Id).Encode())).Code);
        Assert.Equal(["healthy"], (await silo.GetAsync<DevicePage>("devices")).Items.Select(item => item.Name));
        using var page = await silo.Operator.GetAsync($"devices/{damaged.Id.Text}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("backup", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A43_A_status_list_that_cannot_be_read_is_named_and_nothing_takes_its_place_until_it_is_restored()
    {
        await using var silo = await RunningSilo.StartAsync();
        using TestDevice stolen = await silo.JoinAsync("stolen"), wanted = await silo.JoinAsync("wanted"), healthy = await silo.JoinAsync("healthy");
        await silo.PostAsync<DeviceSummary>("devices/stolen/revoke", new Decision("stolen"));
        var before = await silo.GetAsync<RevocationView>("revocations");
        var row = (await silo.Silo.Records.ReadAsync("status", "current", default))!;
        Assert.Equal("ok", await ReadyAsync(silo));

        await silo.ReplaceAsync("status", "current", "{\"serial\":1}"u8.ToArray());
        // Whoever decides first finds out that somebody changed the row; what it is now is looked up before the next try.
        using (var first = await silo.Operator.PostAsJsonAsync("devices/wanted/suspend", new Decision("wanted"))) Assert.False(first.IsSuccessStatusCode);
        await Eventually.TrueAsync(async () =>
        {
            using var again = await silo.Operator.PostAsJsonAsync("devices/wanted/revoke", new Decision("wanted"));
            Assert.False(again.IsSuccessStatusCode);
            return again.StatusCode == HttpStatusCode.ServiceUnavailable;
        }, "the row to be looked at again");
        AssertNamed(await ProblemAsync(() => silo.Operator.PostAsJsonAsync("devices/wanted/revoke", new Decision("wanted"))), "status row 'current'");
        Assert.Equal("ok, but the stored status row 'current' cannot be read", await ReadyAsync(silo));
        // Nobody is let back in, and no other list was begun.
        var now = await silo.GetAsync<RevocationView>("revocations");
        Assert.Equal((before.Serial, "stolen"), (now.Serial, Assert.Single(now.Devices).Name));
        Assert.Equal(Standing.Active, (await healthy.ProveAsync()).Standing);
        Assert.Equal("{\"serial\":1}", Encoding.UTF8.GetString((await silo.Silo.Records.ReadAsync("status", "current", default))!.Value.Span));

        await silo.ReplaceAsync("status", "current", row.Value.ToArray());
        await Eventually.TrueAsync(async () => (await silo.GetAsync<RevocationView>("revocations")).Devices.Any(one => one is { Name: "wanted", Standing: "revoked" }), "the list to say what was decided meanwhile");
        Assert.Equal("ok", await ReadyAsync(silo));
        Assert.Equal(2, (await silo.GetAsync<RevocationView>("revocations")).Devices.Count);

        await silo.ReplaceAsync("status", "current", [0]);
        AssertNamed((await Assert.ThrowsAnyAsync<IOException>(() => silo.RestartAsync())).Message, "status row 'current'");
    }

    [Fact]
    public async Task A43_A_log_head_that_cannot_be_read_is_named_and_no_log_is_begun_in_its_place()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var healthy = await silo.JoinAsync("healthy");
        await healthy.ProveAsync();
        var row = (await silo.Silo.Records.ReadAsync("log-head", "0", default))!;
        await silo.ReplaceAsync("log-head", "0", [0, 255]);
        Assert.Equal("ok, but the stored log-head row '0' cannot be read", await ReadyAsync(silo));
        foreach (var failed in new Func<Task<HttpResponseMessage>>[]
        {
            () => silo.Operator.PostAsJsonAsync("enroll/tokens", new JoinTokenRequest(7, 600, true)), () => silo.Operator.PutAsJsonAsync("queries/dark", new SavedQueryUpdate("status:failed")), () => silo.Operator.GetAsync("log"),
            () => silo.Operator.GetAsync("log/0/checkpoint"),
        })
            AssertNamed(await ProblemAsync(failed), "log-head row '0'");
        // Evidence without news is no matter of the log.
        Assert.Equal(Standing.Active, (await healthy.ProveAsync()).Standing);
        Assert.Equal([0, 255], (await silo.Silo.Records.ReadAsync("log-head", "0", default))!.Value.ToArray());

        await silo.ReplaceAsync("log-head", "0", row.Value.ToArray());
        Assert.Equal("ok", await ReadyAsync(silo));
        var token = await silo.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(7, 600, true));
        var entries = (await silo.GetAsync<LogPage>("log/0/entries?from=0&limit=1000")).Entries;
        Assert.Single(entries, one => one.Text == $"made join token {token.Id} for 7 devices");
        // What was refused did not happen.
        Assert.DoesNotContain(entries, one => one.Text.StartsWith("saved the query", StringComparison.Ordinal));
        Assert.Empty(await silo.GetAsync<List<SavedQuery>>("queries"));

        await silo.ReplaceAsync("log-head", "0", [0]);
        AssertNamed((await Assert.ThrowsAnyAsync<IOException>(() => silo.RestartAsync())).Message, "log-head row '0'");
    }

    private static Task<string> ReadyAsync(RunningSilo silo) => silo.Operator.GetStringAsync(new Uri(silo.Process.OperatorAddress, "/readyz"));

    private static async Task<string> ProblemAsync(Func<Task<HttpResponseMessage>> call)
    {
        using var answer = await call();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<Problem>())!.Detail!;
    }

    private static void AssertNamed(string sentence, string row)
    {
        Assert.Contains($"The stored {row} cannot be read", sentence);
        Assert.Contains("Restore it from a backup, and do not delete it", sentence);
    }
}
