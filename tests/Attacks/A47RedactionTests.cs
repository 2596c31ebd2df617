using System.Net.Http.Json;
using System.Text;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Attacks;

public class A47RedactionTests
{
    [Fact]
    public async Task A47_No_secret_is_logged_or_stored_as_it_is()
    {
        using var log = new LogLines();
        await using var silo = await RunningSilo.StartAsync(loggers: log);
        var join = await silo.JoinTokenAsync();
        var code = (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("ann", "viewer"))).Code;
        using var device = new TestDevice("device-1");
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silo.Devices);
        await device.EnrolAsync(join);
        await device.ProveAsync();
        await device.EnrolAsync("tmj1_" + new string('Q', 43) + "_x");
        using var wrong = await silo.Operator.PostAsJsonAsync("session", new SignIn("tmc_wrong"));
        using var refused = silo.Client(silo.Token + "x");
        using var _ = await refused.GetAsync("mesh");

        byte[][] keys = [.. ((string[])["authority.key", "silo.key"]).Select(name => File.ReadAllBytes(Path.Combine(silo.Settings.State, name))[36..68])];
        string[] secrets = [join, join[5..48], code, silo.Token, silo.Process.AdminCode, new string('Q', 43), Convert.ToHexString(TestDevice.Secret(join)), .. keys.Select(Convert.ToHexString), .. keys.Select(Convert.ToBase64String)];
        Assert.NotEmpty(log.All);
        foreach (var line in log.All)
            foreach (var secret in secrets)
                Assert.DoesNotContain(secret, line, StringComparison.OrdinalIgnoreCase);

        var bytes = await silo.StoredAsync();
        Assert.All([Encoding.ASCII.GetBytes(join[5..48]), TestDevice.Secret(join), Encoding.ASCII.GetBytes(silo.Token), Encoding.ASCII.GetBytes(code)], secret => Assert.Equal(-1, bytes.AsSpan().IndexOf(secret)));
        // What is stored was looked at.
        Assert.NotEqual(-1, bytes.AsSpan().IndexOf("device-1"u8));
    }

    [Fact]
    public async Task A47_Files_with_secrets_are_their_owners_alone()
    {
        var codeFile = Path.Combine(Path.GetTempPath(), $"trustmesh-code-{Guid.NewGuid():n}");
        await using var silo = await RunningSilo.StartAsync(settings => settings with { CodeFile = codeFile });
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner, File.GetUnixFileMode(codeFile));
        Assert.All(Directory.GetFiles(silo.Settings.State), file => Assert.Equal(owner, File.GetUnixFileMode(file)));
        File.Delete(codeFile);
    }
}
