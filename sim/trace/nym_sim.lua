-- Wireshark and tshark: shows traces of nym-sim (nym-sim run ... --trace run.pcapng).
--
--   wireshark -X lua_script:sim/trace/nym_sim.lua run.pcapng
--
-- or copy this file to the folder of personal Lua plugins. Frames have the link type USER0; each begins with a
-- pseudo-header (docs/simulator.md), then come the bytes that were on the link.

local kinds = { [0] = "packet", [1] = "upload", [2] = "push", [3] = "control" }
local events = { [0] = "sent", [1] = "lost" }
local reasons = { [0] = "none", [1] = "loss", [2] = "partition", [3] = "silence", [4] = "receiver_down",
  [5] = "link_closed", [6] = "adversary" }
local contents = { [0] = "unknown", [1] = "real", [2] = "retransmission", [3] = "main_cover", [4] = "loop_cover",
  [5] = "drop_cover" }
local node_kinds = { [0] = "mix", [1] = "gw", [2] = "c" }

local sim = Proto("nym_sim", "Nym simulator")
local f = sim.fields
f.version = ProtoField.uint8("nym_sim.version", "Version of the pseudo-header")
f.event = ProtoField.uint8("nym_sim.event", "Event", base.DEC, events)
f.kind = ProtoField.uint8("nym_sim.kind", "Kind", base.DEC, kinds)
f.reason = ProtoField.uint8("nym_sim.reason", "Lost by", base.DEC, reasons)
f.content = ProtoField.uint8("nym_sim.content", "Content", base.DEC, contents)
f.from = ProtoField.string("nym_sim.from", "From")
f.to = ProtoField.string("nym_sim.to", "To")
f.id = ProtoField.uint64("nym_sim.id", "Frame")
f.arrives = ProtoField.double("nym_sim.arrives", "Arrives (s)")
f.latency = ProtoField.double("nym_sim.latency", "On the link for (s)")
f.size = ProtoField.uint32("nym_sim.size", "Bytes on the link")
f.sealed = ProtoField.bytes("nym_sim.sealed", "Between client and gateway: MAC and ciphertext")
f.data = ProtoField.bytes("nym_sim.data", "Bytes")

local sphinx = Proto("nym_sphinx", "Sphinx packet")
local s = sphinx.fields
s.tag = ProtoField.uint8("nym_sphinx.size_tag", "Size tag")
s.type = ProtoField.uint8("nym_sphinx.type", "Packet type")
s.class = ProtoField.string("nym_sphinx.class", "Size class")
s.header = ProtoField.bytes("nym_sphinx.header", "Header")
s.alpha = ProtoField.bytes("nym_sphinx.alpha", "Alpha (group element)")
s.gamma = ProtoField.bytes("nym_sphinx.gamma", "Gamma (header MAC)")
s.beta = ProtoField.bytes("nym_sphinx.beta", "Beta (routing information)")
s.payload = ProtoField.bytes("nym_sphinx.payload", "Payload (delta)")

-- docs/protocol/01 section 1
local HEADER, ALPHA, GAMMA, BETA = 348, 32, 16, 300
local classes = { [386] = "ack", [2413] = "regular", [8557] = "extended8", [16749] = "extended16",
  [33133] = "extended32" }

-- Bytes that end in zeros which the simulator does not store are cut off in the file.
local function part(tvb, offset, length)
  local there = math.max(0, math.min(length, tvb:captured_len() - offset))
  return there > 0 and tvb(offset, there) or nil
end

local function add(tree, field, tvb, offset, length)
  local range = part(tvb, offset, length)
  return range and tree:add(field, range)
end

-- A packet may stand alone, or behind the header of frames between nodes (docs/protocol/02 section 13).
local function packet_offset(tvb, offset)
  local length = tvb:reported_len() - offset
  for _, framing in ipairs({ 0, 2, 3 }) do
    if classes[length - framing] then return offset + framing, classes[length - framing] end
  end
end

local function dissect_packet(tvb, offset, tree)
  local start, class = packet_offset(tvb, offset)
  if not start then return false end
  local range = part(tvb, offset, tvb:reported_len() - offset)
  if not range then return false end
  local branch = tree:add(sphinx, range)
  branch:add(s.class, class):set_generated()
  if start > offset then
    add(branch, s.tag, tvb, start - 2, 1)
    add(branch, s.type, tvb, start - 1, 1)
  end
  local header = add(branch, s.header, tvb, start, HEADER)
  if header then
    add(header, s.alpha, tvb, start, ALPHA)
    add(header, s.gamma, tvb, start + ALPHA, GAMMA)
    add(header, s.beta, tvb, start + ALPHA + GAMMA, BETA)
  end
  add(branch, s.payload, tvb, start + HEADER, tvb:reported_len() - start - HEADER)
  branch:append_text(", " .. class)
  return true
end

local PSEUDO_HEADER = 36

local function node(tvb, offset)
  return (node_kinds[tvb(offset, 1):uint()] or "?") .. tvb(offset + 1, 4):uint()
end

function sim.dissector(tvb, pinfo, tree)
  if tvb:captured_len() < PSEUDO_HEADER then return 0 end
  local event, kind = tvb(1, 1):uint(), tvb(2, 1):uint()
  local from, to = node(tvb, 5), node(tvb, 10)
  local arrives = tvb(24, 8):uint64():tonumber() / 1e9
  pinfo.cols.protocol = "NYM-SIM"
  pinfo.cols.src = from
  pinfo.cols.dst = to
  pinfo.cols.info = string.format("%s %s, %d bytes", kinds[kind] or "?", events[event] or "?", tvb(32, 4):uint())

  local branch = tree:add(sim, tvb(0, PSEUDO_HEADER))
  branch:append_text(string.format(", %s -> %s, %s", from, to, kinds[kind] or "?"))
  branch:add(f.version, tvb(0, 1))
  branch:add(f.event, tvb(1, 1))
  branch:add(f.kind, tvb(2, 1))
  if event == 1 then branch:add(f.reason, tvb(3, 1)) end
  if kind == 1 and event == 0 then branch:add(f.content, tvb(4, 1)) end
  branch:add(f.from, tvb(5, 5), from)
  branch:add(f.to, tvb(10, 5), to)
  branch:add(f.id, tvb(16, 8))
  if event == 0 then
    branch:add(f.arrives, tvb(24, 8), arrives)
    branch:add(f.latency, tvb(24, 8), arrives - pinfo.abs_ts):set_generated()
    branch:add(f.size, tvb(32, 4))
  end

  local length = tvb:reported_len() - PSEUDO_HEADER
  if length == 0 then return tvb:captured_len() end
  if kind == 0 and dissect_packet(tvb, PSEUDO_HEADER, tree) then return tvb:captured_len() end
  local sealed = kind == 1 or kind == 2
  add(branch, sealed and f.sealed or f.data, tvb, PSEUDO_HEADER, length)
  return tvb:captured_len()
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, sim)
