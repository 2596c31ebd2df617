using System.Text;
using TrustMesh.Tests.Agent;

namespace TrustMesh.Tests.Attacks;

/// <summary>Everything the agent says over a whole life, searched for everything it must not say.</summary>
public sealed class A47AgentSecretTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly FakeAuthority authority = new();

    [Fact]
    public async Task A47_No_secret_appears_in_the_output_status_arguments_or_readable_files_of_a_run()
    {
        var silo = await FakeSilo.StartAsync(authority);
        silo.NextSeconds = 1;
        await using var agent = new AgentProcess(folder, silo.Address, AgentProcess.Software, authority.TokenText());
        folder.Write("measured/a", "content-of-a-measured-file");
        agent.Start("--verbose");
        await silo.ProvenAsync(2);
        var arguments = await File.ReadAllTextAsync($"/proc/{agent.Id}/cmdline");
        // Trouble is where secrets slip out: refused evidence, a lost silo, a refused token, hostile answers.
        silo.Misbehave = async http => { await FakeSilo.Refuse(http, 422, "evidence_refused"); return true; };
        folder.Write("measured/a", "changed");
        await Eventually.TrueAsync(() => agent.Lines.Any(line => line.Contains("refused the evidence", StringComparison.Ordinal)), "the refusal");
        var port = silo.Address.Port;
        await silo.DisposeAsync();
        folder.Write("measured/a", "changed again");
        await Eventually.TrueAsync(() => agent.Lines.Any(line => line.Contains("BackingOff", StringComparison.Ordinal)), "the lost silo");
        var status = await AgentProcess.RunAsync("status", "--config", agent.ConfigFile);
        var doctor = await AgentProcess.RunAsync("doctor", "--config", agent.ConfigFile);
        Assert.Equal(0, await agent.TerminateAsync());
        File.Delete(folder["state/identity.json"]);
        folder.Write("token", authority.TokenText()[..^1] + "!");
        var broken = await AgentProcess.RunAsync("doctor", "--config", agent.ConfigFile);
        Assert.Contains("FAIL  join token", broken.Output, StringComparison.Ordinal);

        var said = string.Join('\n', [.. agent.Lines, arguments, status.Output, status.Error, doctor.Output, doctor.Error, broken.Output, broken.Error,
            File.ReadAllText(folder["state/status.json"])]);
        Assert.Contains("Enrolling", said, StringComparison.Ordinal);
        var key = File.ReadAllBytes(folder["state/identity.key"]);
        foreach (var secret in new[] { authority.Secret, key, key[^40..^8] })
        foreach (var form in new[] { Convert.ToHexString(secret), Convert.ToHexStringLower(secret), Convert.ToBase64String(secret).TrimEnd('='), System.Buffers.Text.Base64Url.EncodeToString(secret) })
            Assert.DoesNotContain(form, said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(authority.TokenText()[5..30], said, StringComparison.Ordinal);
        Assert.DoesNotContain("content-of-a-measured-file", said, StringComparison.Ordinal);
        Assert.DoesNotContain(authority.TokenText()[5..30], Encoding.Latin1.GetString(Everything()), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
    }

    /// <summary>All state files: the token is not copied into any of them.</summary>
    private byte[] Everything() => [.. Directory.GetFiles(folder["state"]).SelectMany(File.ReadAllBytes)];
}
