using System.Buffers;
using System.Security.Cryptography;
using TrustMesh.Agent.Files;

namespace TrustMesh.Agent.Measuring;

/// <summary>
/// Reads what stands at a path as what it is: a plain file by its content, a missing one as absent; a symlink, a pipe, a directory or a file
/// that can not be read as an event that says so. It never follows a link at the end of the path and never waits for a pipe.
/// </summary>
public static class FileReader
{
    private const int Attempts = 3, Chunk = 64 * 1024;

    public static Reading Read(MeasuredFile file)
    {
        if (file.Problem is { } problem) return Reading.Event(problem);
        for (var attempt = 1; ; attempt++)
        {
            var reading = ReadOnce(file.Path);
            if (reading.Settled || attempt == Attempts) return reading;
        }
    }

    private static Reading ReadOnce(string path)
    {
        using var handle = Posix.OpenRead(path, out var error);
        if (handle is null)
            return error switch
            {
                Posix.NoEntry or Posix.NotDirectory => Reading.Absent,
                Posix.TooManySymlinks when new FileInfo(path).LinkTarget is { } target => Reading.Event($"symlink to {target}"),
                _ => Reading.Event($"unreadable: error {error}"),
            };
        var before = Posix.Look(handle);
        if (before.Kind != FileKind.Regular) return Reading.Event($"not a plain file: {before.Kind.ToString().ToLowerInvariant()}");
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long at = 0;
            // To the size seen at first and no further: a file that grows as fast as it is read would never end.
            while (at < before.Size)
            {
                var read = RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(Chunk, before.Size - at)), at);
                if (read == 0) break;
                hash.AppendData(buffer, 0, read);
                at += read;
            }
            return Reading.File(hash.GetHashAndReset(), at == before.Size && Posix.Look(handle).SameContentAs(before));
        }
        catch (IOException failed)
        {
            return Reading.Event($"unreadable: error {failed.HResult}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
