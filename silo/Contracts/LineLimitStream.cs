namespace TrustMesh.Contracts;

/// <summary>
/// A stream of lines none of which is longer than a limit. Readers of lines gather one until it ends, and whoever sends one that never does would fill the memory of
/// whoever listens (attack A42). Throws <see cref="IOException"/> there. Only for reading; it owns <paramref name="inner"/>.
/// </summary>
/// <param name="most">Bytes of a line.</param>
public sealed class LineLimitStream(Stream inner, int most) : Stream
{
    private long line;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Count(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> read)
    {
        // What is read at once is small: only what is left open at its end can grow.
        var end = read.LastIndexOfAny((byte)'\n', (byte)'\r');
        line = end < 0 ? line + read.Length : read.Length - end - 1;
        if (line > most) throw new IOException($"A line of more than {most} bytes came.");
    }
}
