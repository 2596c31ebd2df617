using System.Security.Cryptography;
using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>Whatever goes wrong, no silo writes down what it must keep.</summary>
[Collection(FaultCollection.Name)]
public sealed class SecretsTests(TwoSilos fixture)
{
    private RunningCluster Mesh => fixture.Cluster;

    [Fact]
    public async Task A47_nothing_silos_ever_wrote_holds_a_password_a_key_a_token_or_a_session()
    {
        var token = await Mesh.JoinTokenAsync(0);
        using var device = await Mesh.JoinAsync(1, "discreet", token);
        await device.ProveAsync();
        // Where connections fail, clients like to tell what they connected with.
        fixture.ToRedis.Cut();
        fixture.ToStorage.Cut();
        using (var client = Mesh.Operator(0))
        using (var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{Mesh[0].OperatorPort}/readyz")))
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.False(await Mesh.Prepare().TryStartAsync());
        fixture.ToRedis.Mend();
        fixture.ToStorage.Mend();
        await RunningCluster.EventuallyAsync(async () => (await Mesh.JoinTokenTryAsync(0), await Mesh.JoinTokenTryAsync(1)), made => made is (true, true));

        var secrets = new List<string> { Mesh.Redis.Password!, Mesh.Azurite!.Key, Mesh.Token, token };
        foreach (var silo in Mesh.Silos)
            foreach (var file in Directory.GetFiles(silo.State, "*.key").Append(Path.Combine(silo.State, "code")).Where(File.Exists))
            {
                var bytes = await File.ReadAllBytesAsync(file);
                if (file.EndsWith("code", StringComparison.Ordinal)) secrets.Add((await File.ReadAllTextAsync(file)).Trim());
                else
                {
                    using var key = ECDsa.Create();
                    key.ImportPkcs8PrivateKey(bytes, out _);
                    var d = key.ExportParameters(true).D!;
                    secrets.AddRange([Convert.ToBase64String(bytes), Convert.ToHexStringLower(d), Convert.ToHexString(d), Convert.ToBase64String(d)]);
                }
            }
        foreach (var silo in Mesh.Silos)
            foreach (var secret in secrets.Where(secret => secret.Length > 0)) Assert.False(silo.Everything.Contains(secret, StringComparison.Ordinal), $"{silo.Name} wrote a secret");
        Assert.Contains(Mesh.Silos, silo => silo.Everything.Length > 0);
    }
}
