using System.Net;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;
using TrustMesh.Tests.Cli;

namespace TrustMesh.Tests.Host;

public class EvidenceViewTests
{
    [Fact]
    public async Task Evidence_is_told_field_by_field_by_the_api_and_on_a_shell()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("pump-1");
        using (var none = await silo.Operator.GetAsync("devices/pump-1/evidence/decoded")) Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        var evidence = device.Prove(await device.ChallengeAsync());
        Assert.Equal(HttpStatusCode.OK, (await device.SendEvidenceAsync(evidence)).Status);

        var view = await silo.GetAsync<EvidenceView>("devices/pump-1/evidence/decoded");
        Assert.Equal((evidence.Length, Convert.ToHexStringLower(SHA256.HashData(evidence))), (view.Bytes, view.Digest));
        Assert.Equal(["claims", "token", "challenge", "proof", "log"], view.Parts.Select(part => part.Name));
        Assert.Equal(device.Id.Text, Field(view, "claims", "ueid"));
        Assert.Equal("test-device", Field(view, "claims", "swname"));
        Assert.Equal(Convert.ToHexStringLower(device.SessionSpkiHash), Field(view, "challenge", "attester's TLS key"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("good"u8)), Field(view, "log", "0 file /etc/app.conf"));

        var shell = new CliRun { ["TRUSTMESH_SILO"] = silo.Process.OperatorAddress.ToString() };
        var code = Path.Combine(shell.Home, "code");
        await File.WriteAllTextAsync(code, (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("auditor", "viewer"))).Code);
        Assert.True(await shell.RunAsync("sign-in", "--code-file", code) == 0, shell.Error);
        Assert.True(await shell.RunAsync("evidence", "show", "pump-1") == 0, shell.Error);
        Assert.Contains("/etc/app.conf", shell.Output);
    }

    [Fact]
    public async Task A_quote_of_a_real_TPM_is_told_with_its_registers_and_clock()
    {
        using var tpm = Swtpm.Start();
        using var root = TpmRoot.Open(tpm.Settings(), TimeProvider.System);
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("press-1", root);
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silo.Devices);
        var (result, refused) = await device.EnrolAsync(await silo.JoinTokenAsync());
        Assert.True(result is not null, refused);
        await device.ProveAsync();

        var view = await silo.GetAsync<EvidenceView>("devices/press-1/evidence/decoded");
        Assert.Equal(["claims", "attest", "quote", "challenge", "proof", "log"], view.Parts.Select(part => part.Name));
        Assert.Equal(("ff544347", "quote"), (Field(view, "attest", "magic"), Field(view, "attest", "type")));
        Assert.Contains(view.Parts.Single(part => part.Name == "quote").Fields, field => field.Name == "pcr 13" && field.Value != new string('0', 64));
        Assert.Single(view.Parts.Single(part => part.Name == "log").Fields);
    }

    private static string Field(EvidenceView view, string part, string name) => view.Parts.Single(one => one.Name == part).Fields.Single(field => field.Name == name).Value;
}
