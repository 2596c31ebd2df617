using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TrustMesh.Tests.Parts;

/// <summary>A fake OpenID provider on this machine that vouches for one person and can be told to lie. Its tokens are put together by hand.</summary>
public sealed class OpenIdAuthority : IAsyncDisposable
{
    public const string Client = "trustmesh", Secret = "s3cret/with+signs";

    private readonly RSA key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge, string Redirect)> codes = new();
    private WebApplication app = null!;

    /// <summary>As it writes itself.</summary>
    public string Issuer { get; private set; } = "";

    public string User { get; set; } = "nora";

    public string Subject { get; set; } = "248289761001";

    public string[] Groups { get; set; } = ["mesh-operators"];

    /// <summary>Changes the claims before they are signed.</summary>
    public Action<Dictionary<string, object>> Change { get; set; } = _ => { };

    /// <summary>RS256, or what a forger writes: none, HS256, or RS256 by a key that is not ours.</summary>
    public string Algorithm { get; set; } = "RS256";

    public static async Task<OpenIdAuthority> StartAsync()
    {
        var authority = new OpenIdAuthority();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        authority.app = builder.Build();
        authority.Map();
        await authority.app.StartAsync();
        authority.Issuer = authority.app.Urls.First();
        return authority;
    }

    public string Token(string nonce)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer, ["aud"] = Client, ["sub"] = Subject, ["nonce"] = nonce, ["iat"] = now, ["exp"] = now + 300, ["preferred_username"] = User, ["groups"] = Groups,
        };
        Change(claims);
        var head = new Dictionary<string, string> { ["alg"] = Algorithm == "other" ? "RS256" : Algorithm, ["kid"] = "1", ["typ"] = "JWT" };
        var signed = $"{Text(JsonSerializer.SerializeToUtf8Bytes(head))}.{Text(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{signed}.{Text(Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private byte[] Sign(byte[] data)
    {
        if (Algorithm == "none") return [];
        // The old trick: the public key, which everybody has, as the secret of a MAC.
        if (Algorithm == "HS256") return HMACSHA256.HashData(key.ExportSubjectPublicKeyInfo(), data);
        if (Algorithm == "RS256") return key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var other = RSA.Create(2048);
        return other.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private void Map()
    {
        app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = Issuer, ["authorization_endpoint"] = Issuer + "/authorize", ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/keys",
            ["response_types_supported"] = new[] { "code" }, ["subject_types_supported"] = new[] { "public" }, ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
        });
        app.MapGet("/keys", () =>
        {
            var parameters = key.ExportParameters(false);
            return new Dictionary<string, object>
            {
                ["keys"] = new[] { new Dictionary<string, string> { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "1", ["alg"] = "RS256", ["n"] = Text(parameters.Modulus!), ["e"] = Text(parameters.Exponent!) } },
            };
        });
        app.MapGet("/authorize", (HttpContext context) =>
        {
            var query = context.Request.Query;
            if (query["response_type"] != "code" || query["client_id"] != Client || query["code_challenge_method"] != "S256" || query["scope"].ToString().Split(' ').Contains("openid") is false) return Results.BadRequest();
            var code = Text(RandomNumberGenerator.GetBytes(16));
            codes[code] = (query["nonce"]!, query["code_challenge"]!, query["redirect_uri"]!);
            return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={query["state"]}&iss={Uri.EscapeDataString(Issuer)}");
        });
        app.MapPost("/token", async (HttpContext context) =>
        {
            var form = await context.Request.ReadFormAsync();
            var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Client}:{Uri.EscapeDataString(Secret)}"));
            if (context.Request.Headers.Authorization != basic || !codes.TryRemove(form["code"]!, out var given) || form["redirect_uri"] != given.Redirect) return Results.BadRequest();
            if (Text(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!))) != given.Challenge) return Results.BadRequest();
            return Results.Json(new Dictionary<string, object> { ["access_token"] = "unused", ["token_type"] = "Bearer", ["id_token"] = Token(given.Nonce) });
        });
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
