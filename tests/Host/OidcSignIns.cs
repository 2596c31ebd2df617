using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Host.Oidc;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Host;

/// <summary>Silos that take a fake provider's word, and people who come with it.</summary>
internal sealed class OidcSignIns : IDisposable
{
    public const string Origin = "https://mesh.example";

    private readonly string secret = Path.Combine(Path.GetTempPath(), $"trustmesh-oidc-{Guid.NewGuid():n}");

    public Task<RunningSilo> StartAsync(OpenIdAuthority authority, double every = 300, double grace = 900)
        => RunningSilo.StartAsync(settings => settings with { Oidc = Settings(authority, every, grace) });

    /// <param name="every">Seconds; likewise <paramref name="grace"/>.</param>
    public OidcSettings Settings(OpenIdAuthority authority, double every = 300, double grace = 900)
    {
        File.WriteAllText(secret, OpenIdAuthority.Secret + "\n");
        var groups = new Dictionary<string, IReadOnlyList<Grant>> { ["mesh-operators"] = [new("operator")], ["oslo-approvers"] = [new("approver", ["oslo"])] };
        return new(new Uri(authority.Issuer), OpenIdAuthority.Client, "groups", groups, secret) { Every = TimeSpan.FromSeconds(every), Grace = TimeSpan.FromSeconds(grace) };
    }

    public static string NewBinding() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static async Task<OidcStart> BeginAsync(RunningSilo silo, string binding)
    {
        using var anyone = silo.Client(null);
        using var answer = await anyone.PostAsJsonAsync("session/oidc/start", new SignInStart(Origin, binding));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<OidcStart>())!;
    }

    public static async Task<HttpResponseMessage> SignInAsync(RunningSilo silo, OpenIdAuthority authority, string binding)
    {
        using var anyone = silo.Client(null);
        var (verifier, redirect) = (NewBinding(), Origin + "/sign-in/oidc/done");
        var code = authority.Code((await BeginAsync(silo, binding)).Nonce, verifier, redirect);
        return await anyone.PostAsJsonAsync("session/oidc", new OidcSignIn(Origin, binding, code, verifier, redirect));
    }

    /// <summary>Somebody who has just come in by the provider's word.</summary>
    public static async Task<HttpClient> SignedInAsync(RunningSilo silo, OpenIdAuthority authority)
    {
        using var answer = await SignInAsync(silo, authority, NewBinding());
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return silo.Client((await answer.Content.ReadFromJsonAsync<Session>())!.Token);
    }

    public void Dispose() => File.Delete(secret);
}
