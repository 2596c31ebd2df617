using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TrustMesh.Contracts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>
/// A twin's state as bytes: one deterministic CBOR array, the same in every host and store. The version is the row's, not in the bytes.
/// Times are kept to the millisecond because freshness is.
/// </summary>
public static class TwinStateCodec
{
    /// <summary>
    /// The first format had no session keys; its rows are read and become the present one when they are next saved. A row with tags has one format of its own, and so
    /// has one with registers, so that everybody else's is what it was: a silo of before there were such reads it on, and the two never write the same state differently.
    /// </summary>
    private const string Format = "tm-twin/2", First = "tm-twin/1", Tagged = "tm-twin/3", Registered = "tm-twin/4";
    private const int Largest = 16 * 1024 * 1024;

    public static byte[] Encode(TwinState state)
    {
        var writer = new StrictCborWriter(stackalloc byte[2048]);
        var format = !state.Registers.IsEmpty ? Registered : !state.Tags.IsEmpty ? Tagged : Format;
        writer.WriteArray(Parts(format));
        writer.WriteText("format", format);
        Write(ref writer, state.Enrolment);
        writer.WriteEnum("standing", state.Standing);
        writer.WriteBytes("membership", state.Membership, 0, Caps.Membership);
        Write(ref writer, state.MembershipUntil);
        if (state.Verdict is { } verdict) Write(ref writer, verdict);
        else writer.WriteNull();
        Write(ref writer, state.Attester);
        writer.WriteText("software", state.Software ?? "", 0, 2 * Caps.Text);
        writer.WriteBool(state.StaleNoted);
        writer.WriteArray(state.Timeline.Length);
        foreach (var line in state.Timeline)
        {
            writer.WriteArray(4);
            Write(ref writer, line.At);
            writer.WriteEnum("kind", line.Kind);
            writer.WriteText("text", line.Text);
            writer.WriteText("actor", line.Actor);
        }
        if (format is Tagged or Registered)
        {
            writer.WriteArray(state.Tags.Length);
            foreach (var tag in state.Tags) writer.WriteText("tag", tag, 1, DeviceTags.Longest);
        }
        if (format == Registered)
        {
            writer.WriteArray(state.Registers.Length);
            foreach (var (pcr, value) in state.Registers)
            {
                writer.WriteArray(2);
                writer.WriteUInt("pcr", (uint)pcr);
                writer.WriteBytes("value", value, Caps.Hash);
            }
        }
        return writer.ToArray("twin", Largest);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> (attack A43: the caller isolates the device).</summary>
    public static TwinState Decode(ReadOnlyMemory<byte> bytes, long version)
    {
        var reader = new StrictCborReader(bytes, "twin", Largest);
        var parts = reader.ReadArray("twin", 10, 12);
        var start = reader.Offset;
        var format = reader.ReadText("format");
        if (format is not (First or Format or Tagged or Registered) || parts != Parts(format)) throw new WireException("format", start, $"not {Format}");
        var enrolment = ReadEnrolment(ref reader);
        var standing = reader.ReadEnum<Standing>("standing");
        var membership = reader.ReadBytes("membership", 0, Caps.Membership);
        var until = ReadMoment(ref reader, "membership until");
        var verdict = reader.TryReadNull() ? null : ReadVerdict(ref reader);
        var attester = ReadAttester(ref reader, format != First);
        var software = reader.ReadText("software", 0, 2 * Caps.Text);
        var noted = reader.ReadBool("stale noted");
        var timeline = new TwinEvent[reader.ReadArray("timeline", 0, TwinState.TimelineLength)];
        for (var i = 0; i < timeline.Length; i++)
        {
            reader.ReadArray("line", 4);
            timeline[i] = new(ReadMoment(ref reader, "at"), reader.ReadEnum<EventKind>("kind"), reader.ReadText("text"), reader.ReadText("actor"));
        }
        ImmutableArray<string> tags = format is Tagged or Registered ? ReadTags(ref reader, format == Tagged ? 1 : 0) : [];
        ImmutableArray<PcrValue> registers = format == Registered ? ReadRegisters(ref reader) : [];
        reader.End("twin");
        return new(enrolment, standing, membership, until, verdict, attester, software.Length == 0 ? null : software, noted, ImmutableCollectionsMarshal.AsImmutableArray(timeline), version) { Tags = tags, Registers = registers };
    }

    /// <summary>A verdict as it is in a twin's state: what is handed to a twin is what it will keep.</summary>
    public static byte[] EncodeVerdict(Verdict verdict)
    {
        var writer = new StrictCborWriter(stackalloc byte[2048]);
        Write(ref writer, verdict);
        return writer.ToArray("verdict", Largest);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/>.</summary>
    public static Verdict DecodeVerdict(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "verdict", Largest);
        var verdict = ReadVerdict(ref reader);
        reader.End("verdict");
        return verdict;
    }

    /// <inheritdoc cref="EncodeVerdict"/>
    public static byte[] EncodeAttester(AttesterState state)
    {
        var writer = new StrictCborWriter(stackalloc byte[1024]);
        Write(ref writer, state);
        return writer.ToArray("attester", Largest);
    }

    /// <inheritdoc cref="DecodeVerdict"/>
    public static AttesterState DecodeAttester(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "attester", Largest);
        var state = ReadAttester(ref reader, withSessions: true);
        reader.End("attester");
        return state;
    }

    private static int Parts(string format) => format switch { Registered => 12, Tagged => 11, _ => 10 };

    /// <summary>At least one, in their one order.</summary>
    private static ImmutableArray<PcrValue> ReadRegisters(ref StrictCborReader reader)
    {
        var registers = new PcrValue[reader.ReadArray("registers", 1, Caps.PcrCount)];
        for (var i = 0; i < registers.Length; i++)
        {
            reader.ReadArray("register", 2);
            var start = reader.Offset;
            var pcr = (int)reader.ReadUInt("pcr", Caps.PcrCount - 1);
            if (i > 0 && registers[i - 1].Index >= pcr) throw new WireException("pcr", start, "not in order");
            registers[i] = new(pcr, reader.ReadBytes("value", Caps.Hash));
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(registers);
    }

    /// <summary>Each a tag, in their one order: there is one encoding of them.</summary>
    private static ImmutableArray<string> ReadTags(ref StrictCborReader reader, int least)
    {
        var tags = new string[reader.ReadArray("tags", least, DeviceTags.Most)];
        for (var i = 0; i < tags.Length; i++)
        {
            var start = reader.Offset;
            tags[i] = reader.ReadText("tag", 1, DeviceTags.Longest);
            if (!DeviceTags.IsTag(tags[i])) throw new WireException("tag", start, "not a tag");
            if (i > 0 && string.CompareOrdinal(tags[i - 1], tags[i]) >= 0) throw new WireException("tag", start, "not in order");
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(tags);
    }

    private static void Write(ref StrictCborWriter writer, Enrolment enrolment)
    {
        writer.WriteArray(13);
        writer.WriteBytes("enrolment id", enrolment.Id, 16);
        writer.WriteDeviceId(enrolment.Device);
        writer.WriteEnum("root", enrolment.Root);
        writer.WriteEnum("tier", enrolment.Tier);
        writer.WriteBytes("root key hash", enrolment.RootKeyHash, Caps.Hash);
        writer.WriteBytes("attestation key", enrolment.AttestationKey, 1, Caps.PublicArea);
        writer.WriteText("endorsement", enrolment.Endorsement);
        writer.WriteName("name", enrolment.Name);
        writer.WriteName("site", enrolment.Site);
        writer.WriteName("model", enrolment.Model);
        writer.WriteInt64("status index", enrolment.StatusIndex);
        writer.WriteText("admitted by", enrolment.AdmittedBy);
        Write(ref writer, enrolment.At);
    }

    private static Enrolment ReadEnrolment(ref StrictCborReader reader)
    {
        reader.ReadArray("enrolment", 13);
        return new(
            reader.ReadBytes("enrolment id", 16),
            reader.ReadDeviceId("device"),
            reader.ReadEnum<RootKind>("root"),
            reader.ReadEnum<AssuranceTier>("tier"),
            reader.ReadBytes("root key hash", Caps.Hash),
            reader.ReadBytes("attestation key", 1, Caps.PublicArea),
            reader.ReadText("endorsement"),
            reader.ReadName("name"),
            reader.ReadName("site"),
            reader.ReadName("model"),
            reader.ReadInt64("status index"),
            reader.ReadText("admitted by"),
            ReadMoment(ref reader, "enrolled at"));
    }

    private static void Write(ref StrictCborWriter writer, Verdict verdict)
    {
        writer.WriteArray(9);
        writer.WriteEnum("status", verdict.Status);
        writer.WriteEnum("tier", verdict.Tier);
        writer.WriteArray(verdict.Vector.Count * 2);
        foreach (var (category, value) in verdict.Vector.OrderBy(pair => pair.Key))
        {
            writer.WriteSigned("category", category, 0, 7);
            writer.WriteSigned("claim", value, sbyte.MinValue, sbyte.MaxValue);
        }
        writer.WriteText("policy", verdict.PolicyId);
        writer.WriteInt64("policy serial", verdict.PolicySerial);
        writer.WriteInt64("reference serial", verdict.ReferenceSerial);
        writer.WriteArray(verdict.Because.Count);
        foreach (var finding in verdict.Because)
        {
            writer.WriteArray(6);
            writer.WriteText("check", finding.Check);
            writer.WriteText("claim", Grammar.Fit(finding.Claim));
            writer.WriteText("expected", Grammar.Fit(finding.Expected));
            writer.WriteText("got", Grammar.Fit(finding.Got));
            writer.WriteText("rule", Grammar.Fit(finding.Rule));
            writer.WriteEnum("outcome", finding.Outcome);
        }
        Write(ref writer, verdict.IssuedAt);
        Write(ref writer, verdict.ExpiresAt);
    }

    private static Verdict ReadVerdict(ref StrictCborReader reader)
    {
        reader.ReadArray("verdict", 9);
        var status = reader.ReadEnum<TrustTier>("status");
        var tier = reader.ReadEnum<AssuranceTier>("tier");
        var vector = new Dictionary<int, int>();
        for (var left = reader.ReadArray("vector", 0, 16); left > 1; left -= 2)
            vector[reader.ReadSigned("category", 0, 7)] = reader.ReadSigned("claim", sbyte.MinValue, sbyte.MaxValue);
        var policy = reader.ReadText("policy");
        var policySerial = reader.ReadInt64("policy serial");
        var referenceSerial = reader.ReadInt64("reference serial");
        var because = new Finding[reader.ReadArray("because", 0, 1024)];
        for (var i = 0; i < because.Length; i++)
        {
            reader.ReadArray("finding", 6);
            because[i] = new(reader.ReadText("check"), reader.ReadText("claim"), reader.ReadText("expected"), reader.ReadText("got"), reader.ReadText("rule"), reader.ReadEnum<Outcome>("outcome"));
        }
        return new(status, tier, vector, policy, policySerial, referenceSerial, because, ReadMoment(ref reader, "issued at"), ReadMoment(ref reader, "expires at"));
    }

    private static void Write(ref StrictCborWriter writer, AttesterState state)
    {
        writer.WriteArray(8);
        writer.WriteUInt("boot", state.Boot);
        writer.WriteUInt("restarts", state.RestartCount);
        writer.WriteUInt("clock", state.Clock);
        writer.WriteUInt("firmware", state.FirmwareVersion);
        writer.WriteInt64("log count", state.LogCount);
        writer.WriteBytes("log value", state.LogValue, Caps.Hash);
        writer.WriteArray(state.Current.Count * 2);
        foreach (var (name, digest) in state.Current)
        {
            writer.WriteText("name", name);
            writer.WriteBytes("digest", digest, 0, Caps.Hash);
        }
        writer.WriteArray(state.Sessions.Length);
        foreach (var thumbprint in state.Sessions) writer.WriteBytes("session key", thumbprint, Caps.Hash);
    }

    private static AttesterState ReadAttester(ref StrictCborReader reader, bool withSessions)
    {
        reader.ReadArray("attester", withSessions ? 8 : 7);
        var boot = (uint)reader.ReadUInt("boot", uint.MaxValue);
        var restarts = (uint)reader.ReadUInt("restarts", uint.MaxValue);
        var clock = reader.ReadUInt("clock");
        var firmware = reader.ReadUInt("firmware");
        var count = reader.ReadInt32("log count");
        var value = reader.ReadBytes("log value", Caps.Hash);
        var current = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        for (var left = reader.ReadArray("current", 0, 2 * Caps.LogEntryCount); left > 1; left -= 2)
            current[reader.ReadText("name")] = reader.ReadBytes("digest", 0, Caps.Hash);
        var sessions = new ReadOnlyMemory<byte>[withSessions ? reader.ReadArray("session keys", 0, AttesterState.MostSessions) : 0];
        for (var i = 0; i < sessions.Length; i++) sessions[i] = reader.ReadBytes("session key", Caps.Hash);
        return new(boot, restarts, clock, firmware, count, value, current.ToImmutable()) { Sessions = ImmutableCollectionsMarshal.AsImmutableArray(sessions) };
    }

    private static void Write(ref StrictCborWriter writer, DateTimeOffset moment) => writer.WriteInt64("moment", moment.ToUnixTimeMilliseconds(), 0, Caps.LatestTime * 1000);

    private static DateTimeOffset ReadMoment(ref StrictCborReader reader, string field) => DateTimeOffset.FromUnixTimeMilliseconds((long)reader.ReadUInt(field, (ulong)Caps.LatestTime * 1000));
}
