using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

public sealed partial record Policy
{
    /// <summary>Registers above it can be reset (16, 23) or belong to a dynamic launch (17 to 22).</summary>
    private const int HighestMeasurementPcr = 15;

    private void WriteBody(ref StrictCborWriter writer)
    {
        writer.WriteMap(Peers is null ? 10 : 11);
        writer.WriteKey(1);
        PcrList.WriteBank(ref writer, Bank);
        writer.WriteKey(2);
        PcrList.Write(ref writer, Pcrs);
        writer.WriteKey(3);
        writer.WriteInt64("measurement pcr", MeasurementPcr, 0, HighestMeasurementPcr);
        writer.WriteKey(4);
        writer.WriteInt64("lifetime", LifetimeSeconds, 1);
        writer.WriteKey(5);
        writer.WriteInt64("interval", IntervalSeconds, 1);
        writer.WriteKey(6);
        writer.WriteArray("tiers", Tiers.Count, 1, Enum.GetValues<AssuranceTier>().Length);
        foreach (var tier in Tiers.Order()) writer.WriteEnum("tier", tier);
        writer.WriteKey(7);
        writer.WriteBool(ChannelBindingRequired);
        writer.WriteKey(8);
        writer.WriteArray("patterns", MayChange.Count, 0, Caps.PatternCount);
        foreach (var pattern in MayChange) writer.WriteText("pattern", pattern, 1);
        writer.WriteKey(9);
        writer.WriteArray("denied firmware", DeniedFirmware.Count, 0, Caps.FirmwareCount);
        foreach (var firmware in DeniedFirmware.Order()) writer.WriteUInt("denied firmware", firmware);
        writer.WriteKey(10);
        writer.WriteEnum("unknown file", UnknownFile);
        if (Peers is not { } peers) return;
        writer.WriteKey(11);
        writer.WriteArray(3);
        writer.WriteInt64("grace", peers.GraceSeconds, 1, int.MaxValue);
        writer.WriteInt64("quorum", peers.Quorum, 0, PeerRules.MostQuorum);
        writer.WriteInt64("peers", peers.Peers, 1, PeerRules.MostPeers);
    }

    private static Policy ReadBody(ref StrictCborReader reader, Policy policy)
    {
        var map = reader.ReadMap("body", 11);
        reader.Key(ref map, 1, "bank");
        var bank = PcrList.ReadBank(ref reader);
        reader.Key(ref map, 2, "pcrs");
        var pcrs = PcrList.Read(ref reader);
        reader.Key(ref map, 3, "measurement pcr");
        var measurement = reader.ReadInt32("measurement pcr", 0, HighestMeasurementPcr);
        reader.Key(ref map, 4, "lifetime");
        var lifetime = reader.ReadInt32("lifetime", 1);
        reader.Key(ref map, 5, "interval");
        var interval = reader.ReadInt32("interval", 1);
        reader.Key(ref map, 6, "tiers");
        var tiers = ReadTiers(ref reader);
        reader.Key(ref map, 7, "channel binding required");
        var binding = reader.ReadBool("channel binding required");
        reader.Key(ref map, 8, "patterns");
        var patterns = new string[reader.ReadArray("patterns", 0, Caps.PatternCount)];
        for (var i = 0; i < patterns.Length; i++) patterns[i] = reader.ReadText("pattern", 1);
        reader.Key(ref map, 9, "denied firmware");
        var firmware = ReadFirmware(ref reader);
        reader.Key(ref map, 10, "unknown file");
        var unknown = reader.ReadEnum<TrustTier>("unknown file");
        var peers = reader.TryKey(ref map, 11) ? ReadPeers(ref reader) : null;
        reader.EndMap(ref map);
        return policy with
        {
            Bank = bank, Pcrs = pcrs, MeasurementPcr = measurement, LifetimeSeconds = lifetime, IntervalSeconds = interval, Tiers = tiers,
            ChannelBindingRequired = binding, MayChange = patterns, DeniedFirmware = firmware, UnknownFile = unknown, Peers = peers,
        };
    }

    private static PeerRules ReadPeers(ref StrictCborReader reader)
    {
        reader.ReadArray("peer rules", 3);
        return new(reader.ReadInt32("grace", 1), reader.ReadInt32("quorum", 0, PeerRules.MostQuorum), reader.ReadInt32("peers", 1, PeerRules.MostPeers));
    }

    private static AssuranceTier[] ReadTiers(ref StrictCborReader reader)
    {
        var tiers = new AssuranceTier[reader.ReadArray("tiers", 1, Enum.GetValues<AssuranceTier>().Length)];
        for (var i = 0; i < tiers.Length; i++)
        {
            var start = reader.Offset;
            tiers[i] = reader.ReadEnum<AssuranceTier>("tier");
            if (i > 0 && tiers[i] <= tiers[i - 1]) throw new WireException("tier", start, "tiers repeat or are not in order");
        }
        return tiers;
    }

    private static ulong[] ReadFirmware(ref StrictCborReader reader)
    {
        var firmware = new ulong[reader.ReadArray("denied firmware", 0, Caps.FirmwareCount)];
        for (var i = 0; i < firmware.Length; i++)
        {
            var start = reader.Offset;
            firmware[i] = reader.ReadUInt("denied firmware");
            if (i > 0 && firmware[i] <= firmware[i - 1]) throw new WireException("denied firmware", start, "versions repeat or are not in order");
        }
        return firmware;
    }
}
