using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Model;
using TrustMesh.Tests.Cli;
using TrustMesh.Tests.Host;
using TrustMesh.Trust.Directory;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using DashboardQuery = TrustMesh.Dashboard.Model.DeviceQuery;

namespace TrustMesh.Tests.Contracts.Queries;

/// <summary>Whoever is asked, the answer is the same: the API of a real silo, the shell, the dashboard's table, and what its canvas is told to draw.</summary>
public sealed class AgreementTests
{
    private static readonly string[] s_queries =
    [
        "", "press", "oslo", "-oslo", "press*", "site:oslo", "site:oslo,riga", "site!=oslo", "site:*o*", "-site:\"oslo\"", "status:failed", "look:stale", "status:t*,failed", "status:unknown",
        "standing:revoked", "tier:software", "tier!=tpm-quote", "age>10m", "age<=10m", "age:none", "expires<10m", "-expires<10m", "expires:none", "since>1h", "enrolled<1d", "fw<7.86", "fw:none", "fw:0007*",
        "agent<0.2", "agent:0.1.0", "policy:3", "policy>=4", "policy:none", "name:press-1*", "id:ag*", "site:oslo status:failed,stale age>10m -tier:software fw<7.86", "tag:lab", "-tag:lab,prod", "tag:none site:oslo", "tag:l* -tag:prod", "nobody", "-status:trusted press age<1h",
    ];

    [Fact]
    public async Task Graph_table_shell_and_API_find_the_same_devices()
    {
        await using var silo = await RunningSilo.StartAsync();
        foreach (var entry in Fleet(300, DateTimeOffset.UtcNow)) silo.Silo.Directory.Put(entry);
        var code = await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("ann", "viewer"));
        var shell = new CliRun { ["TRUSTMESH_SILO"] = silo.Process.OperatorAddress.ToString() };
        await File.WriteAllTextAsync(Path.Combine(shell.Home, "code"), code.Code);
        Assert.True(await shell.RunAsync("sign-in", "--code-file", Path.Combine(shell.Home, "code")) == 0, shell.Error);
        var mirror = new FleetMirror();
        mirror.Apply(await silo.GetAsync<GraphSnapshot>("graph"));
        var sizes = new HashSet<int>();

        foreach (var text in s_queries)
        {
            var page = await silo.GetAsync<DevicePage>($"devices?limit=1000&q={Uri.EscapeDataString(text)}");
            string[] api = [.. page.Items.Select(device => device.Name)];
            Assert.Equal(page.Total, api.Length);
            sizes.Add(api.Length);

            Assert.True(await shell.RunAsync("device", "list", "--query", text) == 0, $"{text}: {shell.Error}");
            Assert.Equal(api, shell.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t')[1]));

            var query = DashboardQuery.Parse(text, null, null, null);
            Assert.Null(query.Problem);
            Assert.Equal(api, query.Of(mirror.Devices.Values, DateTimeOffset.UtcNow).Select(device => device.Name));

            var (others, ids) = new MatchSet().Begin(query, [.. mirror.Devices.Values], DateTimeOffset.UtcNow);
            Assert.Equal(api.Order(), mirror.Devices.Values.Where(device => ids.Contains(device.Id) != others).Select(device => device.Name).Order());
        }
        // Else they would agree about nothing.
        Assert.True(sizes.Count > 20, $"{sizes.Count} different answers");
    }

    /// <summary>Devices of every kind; their times lie well apart from those the queries name, so that it does not matter when one is asked.</summary>
    private static IEnumerable<DeviceEntry> Fleet(int count, DateTimeOffset now)
    {
        var random = new Random(5);
        T One<T>(params T[] of) => of[random.Next(of.Length)];
        for (var i = 0; i < count; i++)
        {
            var proven = random.Next(8) > 0;
            DateTimeOffset? at = proven ? now - One(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromDays(3)) : null;
            var tier = One(AssuranceTier.TpmQuote, AssuranceTier.HardwareKey, AssuranceTier.Software);
            var model = One("press", "camera", "gateway");
            yield return new DeviceEntry(
                DeviceId.FromRootKey(BitConverter.GetBytes(i)), $"{model}-{i}", One("oslo", "bergen", "riga"), model, tier, One(Standing.Active, Standing.Active, Standing.Active, Standing.Pending, Standing.Suspended, Standing.Revoked),
                proven ? One(TrustTier.Affirming, TrustTier.Affirming, TrustTier.Warning, TrustTier.Contraindicated) : TrustTier.None, at, at is null ? null : now + One(TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)),
                now - One(TimeSpan.FromHours(3), TimeSpan.FromDays(9)), null, 1)
            {
                StatusSince = at, Agent = proven ? One("trustmesh-agent 0.1.0", "trustmesh-agent 0.2.1") : null, Policy = proven ? One(3, 4) : null,
                Firmware = proven && tier == AssuranceTier.TpmQuote ? One("0007005511cb0000", "0007005611cb0000") : null,
                Tags = One<string[]>([], ["lab"], ["prod"], ["lab", "line-3"]),
            };
        }
    }
}
