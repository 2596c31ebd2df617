using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Feed;

/// <summary>What a browser needs to verify the mesh's logs itself, as the silo gives it.</summary>
public static partial class LogEndpoints
{
    public static void MapLog(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/feed/log/{number:int}/checkpoint", (HttpContext context, SiloConnection silo, int number) => FeedEndpoints.HandOnAsync(context, silo, $"log/{number}/checkpoint"));
        routes.MapGet("/feed/log/{number:int}/tile/entries/{**tile}", (HttpContext context, SiloConnection silo, int number, string? tile) => EntriesPath().IsMatch(tile ?? "")
            ? FeedEndpoints.HandOnAsync(context, silo, $"log/{number}/tile/entries/{tile}")
            : Results.NotFound().ExecuteAsync(context));
        routes.MapGet("/feed/authority", AuthorityAsync);
    }

    /// <summary>C2SP tlog-tiles: nothing else is asked of the silo in a user's name.</summary>
    [GeneratedRegex(@"^(x[0-9]{3}/){0,5}[0-9]{3}(\.p/[0-9]{1,3})?\z")]
    private static partial Regex EntriesPath();

    /// <summary>The authority's SubjectPublicKeyInfo: a browser has no reader for certificates.</summary>
    private static async Task AuthorityAsync(HttpContext context, SiloConnection silo)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(await silo.For(SessionCookie.Token(context.User)).AuthorityAsync(context.RequestAborted));
            await Results.Bytes(certificate.PublicKey.ExportSubjectPublicKeyInfo(), "application/octet-stream").ExecuteAsync(context);
        }
        catch (SiloException problem)
        {
            await FeedEndpoints.RefuseAsync(context, problem);
        }
        catch (CryptographicException)
        {
            await FeedEndpoints.RefuseAsync(context, new SiloException("unavailable", "The silo does not give its authority's certificate.", null));
        }
    }
}
