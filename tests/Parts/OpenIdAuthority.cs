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
    private readonly ConcurrentDictionary<string, string> refreshTokens = new();
    private WebApplication app = null!;

    /// <summary>As it writes itself.</summary>
    public string Issuer { get; private set; } = "";

    public string User { get; set; } = "nora";

    public string Subject { get; set; } = "248289761001";

    public string[] Groups { get; set; } = ["mesh-operators"];

    /// <summary>Its own session of the person; null says none.</summary>
    public string? Sid { get; set; } = "session-1";

    /// <summary>Gives refresh tokens, each for one use.</summary>
    public bool Refreshes { get; set; }

    /// <summary>The person is let in no more.</summary>
    public bool Disabled { get; set; }

    /// <summary>The token endpoint does not answer as one.</summary>
    public bool Down { get; set; }

    /// <summary>Refresh tokens that were used, in order; one that is there twice was used twice.</summary>
    public ConcurrentQueue<string> Used { get; } = new();

    /// <summary>Instead of a token for the nonce it was asked with.</summary>
    public string? Fixed { get; set; }

    /// <summary>The query somebody came with to sign out.</summary>
    public string? LeftWith { get; private set; }

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

    /// <summary>A code for whoever knows the verifier, as the person would bring it back.</summary>
    public string Code(string nonce, string verifier, string redirect)
    {
        var code = Text(RandomNumberGenerator.GetBytes(16));
        codes[code] = (nonce, Text(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))), redirect);
        return code;
    }

    public string Token(string? nonce)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer, ["aud"] = Client, ["sub"] = Subject, ["iat"] = now, ["exp"] = now + 300, ["preferred_username"] = User, ["groups"] = Groups,
        };
        if (nonce is not null) claims["nonce"] = nonce;
        if (Sid is not null) claims["sid"] = Sid;
        return Signed(claims, "JWT");
    }

    /// <summary>Says that the person is signed out (OpenID Connect Back-Channel Logout 1.0, 2.4).</summary>
    public string LogoutToken(string type = "logout+jwt")
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer, ["aud"] = Client, ["sub"] = Subject, ["iat"] = now, ["exp"] = now + 120, ["jti"] = Guid.NewGuid().ToString("n"),
            ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() },
        };
        if (Sid is not null) claims["sid"] = Sid;
        return Signed(claims, type);
    }

    private string Signed(Dictionary<string, object> claims, string type)
    {
        Change(claims);
        var head = new Dictionary<string, string> { ["alg"] = Algorithm == "other" ? "RS256" : Algorithm, ["kid"] = "1", ["typ"] = type };
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
            ["end_session_endpoint"] = Issuer + "/logout", ["scopes_supported"] = Refreshes ? new[] { "openid", "profile", "offline_access" } : ["openid", "profile"],
            ["backchannel_logout_supported"] = true, ["backchannel_logout_session_supported"] = true,
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
        app.MapGet("/logout", (HttpContext context) =>
        {
            LeftWith = context.Request.QueryString.Value;
            return Results.Content("<!DOCTYPE html><html lang=\"en\"><title>Provider</title><link rel=\"icon\" href=\"data:,\"><p>Signed out at the provider.</p></html>", "text/html");
        });
        app.MapPost("/token", async (HttpContext context) =>
        {
            if (Down) return Results.StatusCode(503);
            var form = await context.Request.ReadFormAsync();
            var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Client}:{Uri.EscapeDataString(Secret)}"));
            if (context.Request.Headers.Authorization != basic) return Results.Json(new Dictionary<string, string> { ["error"] = "invalid_client" }, statusCode: 401);
            return form["grant_type"] == "refresh_token" ? Refresh(form["refresh_token"]!) : Trade(form);
        });
    }

    private IResult Trade(IFormCollection form)
    {
        if (!codes.TryRemove(form["code"]!, out var given) || form["redirect_uri"] != given.Redirect) return No();
        return Text(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!))) == given.Challenge ? Give(Fixed ?? Token(given.Nonce), given.Nonce) : No();
    }

    private IResult Refresh(string token)
    {
        Used.Enqueue(token);
        // Used before: somebody has stolen it, so that none counts any more (RFC 9700 4.14.2).
        if (!refreshTokens.TryRemove(token, out var nonce)) refreshTokens.Clear();
        return nonce is null || Disabled ? No() : Give(Token(null), nonce);
    }

    private IResult Give(string token, string nonce)
    {
        var answer = new Dictionary<string, object> { ["access_token"] = "unused", ["token_type"] = "Bearer", ["id_token"] = token };
        if (Refreshes)
        {
            var refresh = $"refresh-{Guid.NewGuid():n}";
            refreshTokens[refresh] = nonce;
            answer["refresh_token"] = refresh;
        }
        return Results.Json(answer);
    }

    private static IResult No() => Results.Json(new Dictionary<string, string> { ["error"] = "invalid_grant" }, statusCode: 400);

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
