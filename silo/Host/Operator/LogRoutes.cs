using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;
using TrustMesh.Wire.Log;

namespace TrustMesh.Host.Operator;

/// <summary>The mesh's logs, by the paths of C2SP tlog-tiles and for people. Nothing here is to be believed: whoever asks checks it against the checkpoint.</summary>
public static class LogRoutes
{
    private const int MostEntries = 1000;
    private const string Plain = "text/plain; charset=utf-8", Bytes = "application/octet-stream";

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/log", async (CancellationToken cancellation) =>
        {
            var views = new List<LogView>();
            foreach (var log in silo.Logs)
                if (await log.HeadAsync(cancellation) is { } head)
                    views.Add(new(log.Number, head.Checkpoint.Origin, head.Size, Convert.ToBase64String(head.Checkpoint.Root.Span), head.SignedAt));
            return Results.Ok<IReadOnlyList<LogView>>(views);
        }).For(OperatorRole.Viewer).Produces<IReadOnlyList<LogView>>().WithSummary("The mesh's logs.");

        api.MapGet("/log/entries", async (string? kind, string? by, string? device, string? text, DateTimeOffset? since, DateTimeOffset? until, int? limit, string? cursor, CancellationToken cancellation) =>
        {
            if (limit is < 1 or > MostEntries) return ApiProblem.Invalid.With($"limit must be 1 to {MostEntries}.");
            var filter = new LogFilter(kind?.Split(','), by, device, text, since, until);
            if (filter.Problem is { } wrong) return ApiProblem.Invalid.With(wrong);
            return await ReadAsync(async () => await new LogSearch(silo.Logs, filter).FindAsync(cursor, limit ?? 100, cancellation) is { } found
                ? Results.Ok(found)
                : ApiProblem.Invalid.With("cursor is not from an answer of this mesh."));
        }).For(OperatorRole.Viewer).Produces<LogFindings>().Produces<Problem>(400, "application/problem+json").WithSummary("Entries of all logs together, newest first, those asked for.");

        api.MapGet("/log/{number}/checkpoint", (int number, CancellationToken cancellation) => On(silo, number, cancellation, (_, head)
            => Task.FromResult(Results.Text(head.Note.Span, Plain))))
            .For(OperatorRole.Viewer).Produces(200, contentType: Plain).WithSummary("The signed checkpoint (C2SP tlog-checkpoint).");

        api.MapGet("/log/{number}/tile/{**path}", (int number, string path, CancellationToken cancellation) => On(silo, number, cancellation, async (log, head) =>
        {
            if (!LogTile.TryParse($"tile/{path}", out var tile)) return ApiProblem.Invalid.With("That is no path of a tile; they look like tile/0/x001/067, tile/0/x001/067.p/5 or tile/entries/000.");
            var bytes = tile.Level is null ? await log.BundleAsync(head, tile, cancellation) : await log.TileAsync(head, tile, cancellation);
            return bytes is { } found ? Results.Bytes(found, Bytes) : ApiProblem.NotFound.With("The log does not reach so far, or has lost this tile; trustmesh log verify says which.");
        })).For(OperatorRole.Viewer).Produces(200, contentType: Bytes).WithSummary("Hashes of the tree or entries (C2SP tlog-tiles).");

        api.MapGet("/log/{number}/entries", (int number, long? from, int? limit, CancellationToken cancellation) => On(silo, number, cancellation, async (log, head) =>
        {
            if (limit is < 1 or > MostEntries) return ApiProblem.Invalid.With($"limit must be 1 to {MostEntries}.");
            var most = limit ?? 100;
            // Without a place: the newest.
            var start = from ?? Math.Max(0, head.Size - most);
            if (start < 0 || start > head.Size) return ApiProblem.Invalid.With($"from must be 0 to {head.Size}.");
            var entries = await log.EntriesAsync(head, start, most, cancellation);
            return Results.Ok(new LogPage(start, head.Size, [.. entries.Select((entry, i) => LogText.View(start + i, entry))]));
        })).For(OperatorRole.Viewer).Produces<LogPage>().WithSummary("Entries in a row, decoded; the newest where no place is given.");

        api.MapGet("/log/{number}/proof", (int number, long index, CancellationToken cancellation) => On(silo, number, cancellation, async (log, head) =>
        {
            if (index < 0 || index >= head.Size) return ApiProblem.Invalid.With(head.Size == 0 ? "The log has no entries yet." : $"index must be 0 to {head.Size - 1}.");
            var entry = (await log.EntriesAsync(head, index, 1, cancellation))[0];
            var path = await log.HashesAsync(head, LogProof.Inclusion(index, head.Size), cancellation);
            return Results.Ok(new LogProofView(index, Convert.ToBase64String(entry.Span), [.. path.Select(hash => Convert.ToBase64String(hash.Span))], Encoding.UTF8.GetString(head.Note.Span)));
        })).For(OperatorRole.Viewer).Produces<LogProofView>().WithSummary("Proof that an entry is in the log.");
    }

    /// <summary>Reads from logs; what one has lost is told, and who says more.</summary>
    internal static async Task<IResult> ReadAsync(Func<Task<IResult>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception lost) when (lost is InvalidDataException or UnreadableRecordException)
        {
            return ApiProblem.Unavailable.With($"{lost.Message} trustmesh log verify says more.");
        }
    }

    private static async Task<IResult> On(Silo silo, int number, CancellationToken cancellation, Func<LogReader, StoredHead, Task<IResult>> act)
    {
        if (silo.Logs.FirstOrDefault(log => log.Number == number) is not { } log) return ApiProblem.NotFound.With($"The mesh has {silo.Logs.Count} logs, numbered from 0.");
        return await ReadAsync(async () => await log.HeadAsync(cancellation) is { } head ? await act(log, head) : ApiProblem.NotFound.With("The log was not begun."));
    }
}
