using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Feed;

/// <summary>What a browser needs to verify the mesh's logs itself, as the silo gives it, and what was found in them as a file.</summary>
public static partial class LogEndpoints
{
    /// <summary>Entries of a file; who wants them all takes them with trustmesh log export.</summary>
    private const int Most = 10_000, Page = 1000;

    public static void MapLog(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/feed/log/{number:int}/checkpoint", (HttpContext context, SiloConnection silo, int number) => FeedEndpoints.HandOnAsync(context, silo, $"log/{number}/checkpoint"));
        routes.MapGet("/feed/log/{number:int}/tile/entries/{**tile}", (HttpContext context, SiloConnection silo, int number, string? tile) => EntriesPath().IsMatch(tile ?? "")
            ? FeedEndpoints.HandOnAsync(context, silo, $"log/{number}/tile/entries/{tile}")
            : Results.NotFound().ExecuteAsync(context));
        routes.MapGet("/feed/authority", AuthorityAsync);
        routes.MapGet("/feed/log.csv", CsvAsync);
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

    private static async Task CsvAsync(HttpContext context, SiloConnection connection, string? kind, string? by, string? text, DateTimeOffset? since, DateTimeOffset? until)
    {
        var (query, found, next) = (LogQuery.Of(kind, by, text, since, until), new List<LogFinding>(), (string?)null);
        try
        {
            var silo = connection.For(SessionCookie.Token(context.User));
            do
            {
                var page = await silo.LogEntriesAsync(query, next, Math.Min(Page, Most - found.Count), context.RequestAborted);
                found.AddRange(page.Entries);
                next = page.Next;
            }
            while (next is not null && found.Count < Most);
            // Whoever finds it on a disk a year later has to see that it is not all.
            var name = next is null ? "log.csv" : $"log-newest-{Most}.csv";
            await Results.File(Encoding.UTF8.GetBytes(LogQuery.Csv(found)), "text/csv; charset=utf-8", name).ExecuteAsync(context);
        }
        catch (SiloException problem)
        {
            await FeedEndpoints.RefuseAsync(context, problem);
        }
    }
}
