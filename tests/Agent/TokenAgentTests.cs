using System.Text;
using TrustMesh.Contracts;
using TrustMesh.Roots;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Agent;

/// <summary>The shipped agent with a token of SoftHSM, at a real silo.</summary>
[Collection(SoftHsmCollection.Name)]
public sealed class TokenAgentTests(SoftHsm hsm) : IDisposable
{
    private readonly Folder folder = new();
    private readonly SoftToken token = hsm.NewToken();

    private string Root => $$"""{"kind": "pkcs11", "module": "{{SoftHsm.Module}}", "token": "{{token.Label}}", "pinFile": "{{token.Settings().Pkcs11!.PinFile}}"}""";

    [Fact]
    public async Task A_device_with_a_token_joins_is_approved_and_is_trusted_again_after_each_start()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { IntervalSeconds = 2, LifetimeSeconds = 60 });
        await using var agent = new AgentProcess(folder, silo.Devices, Root, await silo.JoinTokenAsync());
        folder.Write("measured/app.conf", "good");
        agent.Start();
        await Eventually.TrueAsync(() => agent.Ended || silo.Silo.View().EvidenceAccepted > 0, "the first evidence");
        Assert.False(agent.Ended, string.Join('\n', agent.Lines));
        Assert.Equal("pending", (await silo.GetAsync<DeviceDetail>("devices/press-1")).Device.Standing);
        await silo.PostAsync<DeviceSummary>("devices/press-1/approve", new Decision(null));
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("press-1"));
        await Eventually.TrueAsync(() => File.Exists(folder["state/membership.cbor"]), "the membership");
        var status = await agent.StatusAsync();
        Assert.Equal("hardware-key", status.GetProperty("tier").GetString());
        Assert.Contains("SoftHSM v2", status.GetProperty("root").GetString(), StringComparison.Ordinal);

        await agent.KillAsync();
        var accepted = silo.Silo.View().EvidenceAccepted;
        agent.Start();
        await Eventually.TrueAsync(() => silo.Silo.View().EvidenceAccepted > accepted, "evidence after a kill");
        var device = await silo.GetAsync<DeviceDetail>("devices/press-1");
        Assert.True(device.Device.Look == "trusted", string.Join('\n', device.Verdict!.Because));
        Assert.Equal(0, await agent.TerminateAsync());
    }

    [Fact]
    public async Task Doctor_tells_token_and_key_and_opens_them_with_one_try()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using var agent = new AgentProcess(folder, silo.Devices, Root, await silo.JoinTokenAsync());
        folder.Write("measured/app.conf", "good");
        File.SetUnixFileMode(folder["token"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(agent.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (code, output, error) = await AgentProcess.RunAsync("doctor", "--config", agent.ConfigFile);
        Assert.True(code == 0, output + error);
        Assert.Contains($"ok    root          PKCS#11 token SoftHSM project SoftHSM v2 \"{token.Label}\"", output, StringComparison.Ordinal);
        Assert.Contains("ok    token         the PIN was accepted; the key's attributes are Local, AlwaysSensitive, NeverExtractable, Sensitive, KeyGenerated", output, StringComparison.Ordinal);

        PrivateFile.Write(token.PinFile, "wrong-pin"u8);
        var wrong = await AgentProcess.RunAsync("doctor", "--config", agent.ConfigFile);
        Assert.Equal(1, wrong.Code);
        Assert.Contains("CKR_PIN_INCORRECT", wrong.Output, StringComparison.Ordinal);
        var again = await AgentProcess.RunAsync("doctor", "--config", agent.ConfigFile);
        Assert.Contains("is not tried again", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A47_No_PIN_right_or_wrong_appears_in_the_output_status_arguments_or_files_of_a_run()
    {
        const string wrongPin = "8642-wrong-pin";
        await using var silo = await RunningSilo.StartAsync(settings => settings with { IntervalSeconds = 2, LifetimeSeconds = 60 });
        await using var agent = new AgentProcess(folder, silo.Devices, Root, await silo.JoinTokenAsync());
        folder.Write("measured/app.conf", "good");
        agent.Start("--verbose");
        await Eventually.TrueAsync(() => agent.Ended || silo.Silo.View().EvidenceAccepted > 0, "the first evidence");
        Assert.False(agent.Ended, string.Join('\n', agent.Lines));
        var said = new StringBuilder(await File.ReadAllTextAsync($"/proc/{agent.Id}/cmdline"));
        foreach (var command in (string[][])[["status"], ["status", "--json"], ["doctor"]]) Say(await AgentProcess.RunAsync([.. command, "--config", agent.ConfigFile]));
        Assert.Equal(0, await agent.TerminateAsync());
        Say(await AgentProcess.RunAsync("doctor", "--config", agent.ConfigFile));
        // Trouble is where secrets slip out.
        PrivateFile.Write(token.PinFile, Encoding.ASCII.GetBytes(wrongPin));
        Say(await AgentProcess.RunAsync("doctor", "--config", agent.ConfigFile));
        Say(await AgentProcess.RunAsync("run", "--config", agent.ConfigFile));
        foreach (var line in agent.Lines) said.AppendLine(line);
        foreach (var file in Directory.GetFiles(agent.State, "*", SearchOption.AllDirectories)) said.Append(Encoding.Latin1.GetString(File.ReadAllBytes(file)));
        Assert.Contains("CKR_PIN_INCORRECT", said.ToString(), StringComparison.Ordinal);
        foreach (var pin in (string[])[SoftHsm.Pin, wrongPin])
            foreach (var form in (string[])[pin, Convert.ToBase64String(Encoding.ASCII.GetBytes(pin)), Convert.ToHexString(Encoding.ASCII.GetBytes(pin))])
                Assert.DoesNotContain(form, said.ToString(), StringComparison.OrdinalIgnoreCase);

        void Say((int Code, string Output, string Error) answer) => said.AppendLine(answer.Output).AppendLine(answer.Error);
    }

    public void Dispose()
    {
        token.Dispose();
        folder.Dispose();
    }
}
